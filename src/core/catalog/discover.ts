import { and, desc, eq, isNull, or, type SQL } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { upTo } from '../../db/up-to.ts';
import { checkNamespace } from '../../format/names.ts';
import { type Actor, canRead } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { getVersion } from './get-version.ts';
import { bundleKeys } from './keys.ts';
import type { Preview } from './preview.ts';

/** How many skills a list for discovery holds: clients download every one of them before they choose. */
export const MAX_CURATED = 20;
export const MAX_OF_NAMESPACE = 100;
/** Whose skills are the hub's list while the operator names none. */
const DEFAULT_NAMESPACE = 'examples';

/** A published version as discovery tells of it, with its canonical tar.gz. */
export interface DiscoveredSkill {
  namespace: string;
  name: string;
  version: string;
  description: string;
  treeDigest: string;
  tar: { sha256: string; size: number };
}

/**
 * One skill in the version that a number, `latest` or a range names.
 *
 * @throws Problem as `getVersion` does
 */
export async function discoverSkill(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  wanted: { namespace: string; name: string; version: string },
): Promise<DiscoveredSkill & { isPublic: boolean; pinned: boolean }> {
  const { skill, version, pinned } = await getVersion(deps, actor, wanted);
  const { namespace, name } = skill;
  return { ...discovered({ ...version, namespace, name }), isPublic: skill.visibility === 'public', pinned };
}

/**
 * The latest versions of a namespace's skills that the actor may read: the `MAX_OF_NAMESPACE` newest skills, newest
 * first.
 *
 * @throws Problem `invalid_request`; `not_found` when there is none, whether or not the namespace exists
 */
export async function discoverNamespace(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  namespace: string,
): Promise<DiscoveredSkill[]> {
  const reason = checkNamespace(namespace);
  if (reason) throw new Problem('invalid_request', reason, { fix: 'Skills are addressed as <namespace>/<name>.' });
  const readable = canRead(actor, namespace) ? undefined : eq(skills.visibility, 'public');
  const found = await latestOf(deps, and(eq(skills.namespace, namespace), readable), MAX_OF_NAMESPACE);
  if (found.length > 0) return found;
  throw new Problem('not_found', `There are no skills in the namespace '${namespace}'.`, {
    fix: 'Check the spelling, or search for the skill.',
  });
}

/**
 * The hub's own short list, for everybody: the public ones of the skills that the operator names, in that order, or the
 * newest of the namespace `examples`. Of two skills with one name the first stays, since a client could install only one.
 */
export async function discoverCurated(deps: Pick<Deps, 'db' | 'settings'>): Promise<DiscoveredSkill[]> {
  const { curatedSkills } = deps.settings;
  if (curatedSkills === undefined) {
    const ofExamples = and(eq(skills.namespace, DEFAULT_NAMESPACE), eq(skills.visibility, 'public'));
    return latestOf(deps, ofExamples, MAX_CURATED);
  }
  const wanted = curatedSkills.slice(0, MAX_CURATED);
  if (wanted.length === 0) return [];
  const named = or(...wanted.map(({ namespace, name }) => and(eq(skills.namespace, namespace), eq(skills.name, name))));
  const found = await latestOf(deps, and(named, eq(skills.visibility, 'public')), MAX_CURATED);
  const byName = new Map<string, DiscoveredSkill>();
  for (const { namespace, name } of wanted) {
    const skill = found.find((candidate) => candidate.namespace === namespace && candidate.name === name);
    if (skill && !byName.has(name)) byName.set(name, skill);
  }
  return [...byName.values()];
}

/**
 * The skill of that name in the hub's own list.
 *
 * @throws Problem `not_found`
 */
export async function discoverCuratedSkill(
  deps: Pick<Deps, 'db' | 'settings'>,
  name: string,
): Promise<DiscoveredSkill> {
  const found = (await discoverCurated(deps)).find((skill) => skill.name === name);
  if (found) return found;
  throw new Problem('not_found', `There is no skill ${name} in this hub's own list.`, {
    fix: 'Address it as <namespace>/<name>.',
  });
}

/** Paths of the files of a discovered version, sorted. Throws what the store throws. */
export async function listFiles(deps: Pick<Deps, 'bundles'>, skill: DiscoveredSkill): Promise<string[]> {
  const key = bundleKeys.preview(skill.treeDigest);
  const stored = await deps.bundles.open(key);
  if (!stored) throw new Error(`the bundle store has lost ${key}`);
  const { files } = await new Response(stored.body).json<Preview>();
  return files.map(({ path }) => path);
}

async function latestOf({ db }: Pick<Deps, 'db'>, which: SQL | undefined, limit: number): Promise<DiscoveredSkill[]> {
  const rows = await db
    .select({
      namespace: skills.namespace,
      name: skills.name,
      version: versions.version,
      description: versions.description,
      treeDigest: versions.treeDigest,
      tarSha256: versions.tarSha256,
      tarSize: versions.tarSize,
    })
    .from(skills)
    .innerJoin(versions, eq(versions.id, skills.latestVersionId))
    .where(and(which, isNull(skills.hiddenAt)))
    .orderBy(desc(skills.id))
    .limit(upTo(limit));
  return rows.map(discovered);
}

interface Row extends Omit<DiscoveredSkill, 'tar'> {
  tarSha256: string | null;
  tarSize: number | null;
}

function discovered(row: Row): DiscoveredSkill {
  const { namespace, name, version, description, treeDigest, tarSha256, tarSize } = row;
  if (tarSha256 === null || tarSize === null) throw new Error('a published version lacks an artifact');
  return { namespace, name, version, description, treeDigest, tar: { sha256: tarSha256, size: tarSize } };
}
