import { and, eq } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { fingerprints } from '../../db/schema/faces.ts';
import { upTo } from '../../db/up-to.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { findShownByRef, type OwnedRef } from './find-by-ref.ts';
import { isVisible, type SkillRow } from './find-skill.ts';
import { matchFingerprint } from './match-fingerprint.ts';

/** Which version of which skill a folder is. */
export interface MatchedFolder {
  skill: SkillRow;
  /** Null when none has its fingerprint. */
  match: string | null;
  latest: string;
}

/** Of how many namesakes with the same files one is looked for that the actor may see. */
const MAX_NAMESAKES = 20;

/**
 * Which version of the named skill has this fingerprint. A folder that somebody asks for under a namespace of their own
 * which has no such skill can be an installed one of another namespace: then it is that one, in the version that it is.
 * Else clients that publish whatever is new would publish other people's skills.
 *
 * @throws Problem as `findShownByRef` and `matchFingerprint` do
 */
export async function matchFolder(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  ref: OwnedRef,
  fingerprint: string,
): Promise<MatchedFolder> {
  try {
    const named = await findShownByRef(deps, actor, ref);
    return await matchFingerprint(deps, actor, named, fingerprint);
  } catch (error) {
    const isOwn = actor.kind === 'key' && ref.owner === actor.namespace;
    if (!(error instanceof Problem && error.code === 'not_found' && isOwn)) throw error;
    const installed = await findInstalled(deps, actor, ref.slug, fingerprint);
    if (!installed) throw error;
    return installed;
  }
}

async function findInstalled({ db }: Pick<Deps, 'db'>, actor: Actor, name: string, fingerprint: string) {
  const found = await db
    .select({ skill: skills, version: versions.version })
    .from(skills)
    .innerJoin(fingerprints, and(eq(fingerprints.skillId, skills.id), eq(fingerprints.fingerprint, fingerprint)))
    .innerJoin(versions, and(eq(versions.id, fingerprints.versionId), eq(versions.state, 'published')))
    .where(eq(skills.name, name))
    .limit(upTo(MAX_NAMESAKES));
  const seen = found.find(({ skill }) => skill.hiddenAt === null && isVisible(skill, actor));
  return seen && { skill: seen.skill, match: seen.version, latest: seen.version };
}
