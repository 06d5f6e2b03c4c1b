import { and, eq, isNotNull, ne } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { skills, type Visibility, versions } from '../../db/schema/catalog.ts';
import { jobs } from '../../db/schema/jobs.ts';
import { isVersion } from '../../format/semver.ts';
import type { SkillMetadata } from '../../format/skill-metadata.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import { howToAppeal, whyRemoved } from '../catalog/find-skill.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { requireOwnName } from './require-own-name.ts';

export interface Identity {
  namespace: string;
  name: string;
  version: string;
}

/** What a request says beside the bundle. A bundle that names the same thing must agree. */
export interface StatedIdentity {
  namespace?: string;
  /** The skill's name, or its flat slug `namespace.name`. */
  slug?: string;
  version?: string;
  /** Whether `version` holds even if the bundle says another one: for clients that count versions themselves. */
  renumber?: boolean;
}

/**
 * Under which identity an upload is published: what the bundle says, else what the request says, else the key's
 * own namespace.
 *
 * @throws Problem `invalid_request`, `invalid_name`, `invalid_version`, `unauthorized`, `forbidden`, `not_found` for a namespace that
 * an operator names and nobody has
 */
export async function resolveIdentity(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  metadata: SkillMetadata,
  stated: StatedIdentity,
): Promise<Identity> {
  const namespace = await resolveNamespace(deps, actor, metadata, stated);
  requireSameName(metadata.name, namespace, stated.slug);
  return { namespace, name: metadata.name, version: resolveVersion(metadata, stated) };
}

/** The specification wants the folder to be called what SKILL.md says, so a slug made of the folder's name agrees. */
function requireSameName(name: string, namespace: string, slug: string | undefined): void {
  if (slug === undefined || slug === name || slug === `${namespace}.${name}`) return;
  throw new Problem('invalid_name', `SKILL.md names the skill '${name}', but it was sent as '${slug}'.`, {
    fix: `Rename its folder to '${name}', or change name in SKILL.md to '${slug}'.`,
  });
}

async function resolveNamespace(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  metadata: SkillMetadata,
  stated: StatedIdentity,
): Promise<string> {
  const own = actor.kind === 'key' ? actor.namespace : undefined;
  const namespace = metadata.namespace ?? stated.namespace ?? own;
  if (namespace === undefined) {
    throw new Problem('invalid_request', 'Neither the bundle nor the request names a namespace.', {
      fix: 'Name one: --namespace <slug>, or ?namespace=<slug>.',
    });
  }
  if (stated.namespace !== undefined && stated.namespace !== namespace) {
    throw new Problem(
      'forbidden',
      `The bundle belongs to '${namespace}', but the request names '${stated.namespace}'.`,
      {
        fix: 'Change "namespace" in manifest.json, or leave it out of the request.',
      },
    );
  }
  authorize(actor, 'publish', namespace);
  if (actor.kind === 'operator') {
    const [known] = await deps.db
      .select({ slug: namespaces.slug })
      .from(namespaces)
      .where(eq(namespaces.slug, namespace));
    if (!known)
      throw new Problem('not_found', `There is no namespace '${namespace}'.`, {
        fix: `Create it first: skills login ${namespace} --email <address>, or POST /v1/namespaces.`,
      });
  }
  return namespace;
}

function resolveVersion(metadata: SkillMetadata, stated: StatedIdentity): string {
  const version = (stated.renumber ? stated.version : undefined) ?? metadata.version ?? stated.version;
  if (version === undefined) {
    throw new Problem('invalid_version', 'The bundle names no version.', {
      file: 'SKILL.md',
      fix: 'Add "metadata.version" to the frontmatter, e.g. version: "1.0.0", or send ?version=1.0.0.',
    });
  }
  if (stated.version !== undefined && stated.version !== version) {
    throw new Problem(
      'invalid_version',
      `The bundle says version ${version}, but the request says ${stated.version}.`,
      {
        fix: 'Make them agree, or leave the version out of the request.',
      },
    );
  }
  if (!isVersion(version)) {
    throw new Problem('invalid_version', `'${version}' is not a semantic version.`, {
      fix: 'Use MAJOR.MINOR.PATCH, e.g. 1.0.0.',
    });
  }
  const [, build] = version.split('+');
  if (build !== undefined) {
    throw new Problem('invalid_version', `Build metadata (+${build}) is not kept apart: use another version.`, {
      fix: `Publish it as a version of its own, without +${build}.`,
    });
  }
  return version;
}

/**
 * Passes when the name is the skill's own, nobody has taken the version's number, the skill is not hidden, and it has the
 * visibility that the upload asks for.
 *
 * @throws Problem `version_exists`, `state_conflict`
 */
export async function requireFree(
  deps: Pick<Deps, 'db'>,
  identity: Identity,
  visibility: Visibility | undefined,
): Promise<void> {
  await requireOwnName(deps, identity);
  await requireShown(deps, identity);
  await requireFreeNumber(deps, identity);
  if (visibility === undefined) return;
  const [other] = await deps.db
    .select({ visibility: skills.visibility })
    .from(skills)
    .innerJoin(versions, eq(versions.skillId, skills.id))
    .where(
      and(
        eq(skills.namespace, identity.namespace),
        eq(skills.name, identity.name),
        ne(skills.visibility, visibility),
        ne(versions.state, 'rejected'),
      ),
    )
    .limit(1);
  if (!other) return;
  throw new Problem('state_conflict', `@${identity.namespace}/${identity.name} is ${other.visibility} already.`, {
    fix: `Leave the visibility out, or change it for all versions: PUT /v1/packages/${identity.namespace}/${identity.name}/visibility.`,
  });
}

/** Nobody would see the version, and its publisher would wonder why. */
async function requireShown(deps: Pick<Deps, 'db'>, { namespace, name }: Identity): Promise<void> {
  const [hidden] = await deps.db
    .select({ hiddenBy: skills.hiddenBy, hiddenReason: skills.hiddenReason })
    .from(skills)
    .where(and(eq(skills.namespace, namespace), eq(skills.name, name), isNotNull(skills.hiddenAt)));
  if (!hidden) return;
  if (hidden.hiddenBy !== null && hidden.hiddenBy !== 'owner') {
    throw new Problem('state_conflict', whyRemoved({ namespace, name, ...hidden }), {
      fix: howToAppeal(namespace, name),
    });
  }
  throw new Problem('state_conflict', `@${namespace}/${name} is hidden, so nobody would see a new version.`, {
    fix: 'Show it again first.',
  });
}

async function requireFreeNumber(deps: Pick<Deps, 'db'>, identity: Identity): Promise<void> {
  const [taken] = await deps.db
    .select({ state: versions.state, jobId: jobs.id })
    .from(versions)
    .innerJoin(skills, eq(skills.id, versions.skillId))
    .leftJoin(jobs, eq(jobs.versionId, versions.id))
    .where(
      and(
        eq(skills.namespace, identity.namespace),
        eq(skills.name, identity.name),
        eq(versions.version, identity.version),
        ne(versions.state, 'rejected'),
      ),
    );
  if (!taken) return;
  const how = {
    pending: 'is being vetted',
    published: 'exists',
    quarantined: 'is held back until somebody has looked at it',
    yanked: 'was yanked, and a yanked number stays taken',
  };
  const state = taken.state === 'rejected' ? 'pending' : taken.state;
  throw new Problem('version_exists', `@${identity.namespace}/${identity.name}@${identity.version} ${how[state]}.`, {
    fix:
      state === 'quarantined' && taken.jobId !== null
        ? `Wait for the decision, which is mailed; or appeal: skills appeal ${taken.jobId}, or POST /v1/jobs/${taken.jobId}/appeal. A mended skill can be published under another version meanwhile.`
        : 'Versions never change: raise the version and publish again.',
  });
}
