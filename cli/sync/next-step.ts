import increase from 'semver/functions/inc.js';
import type * as z from 'zod';
import type { versionsSchema } from '../../src/http/v1/schemas.ts';
import { CodedError } from '../failure.ts';
import type { Bump } from './bump.ts';

/** The versions of a skill in a registry, newest first; none of a skill that is new. */
export type PublishedVersions = z.infer<typeof versionsSchema>['versions'];
type PublishedVersion = PublishedVersions[number];

/** What is to be done with a skill. */
export interface Step {
  kind: 'unchanged' | 'publish';
  /** The one that has these files, or the one to publish. */
  version: string;
  /** The newest of the registry; absent for a new skill. */
  newest?: string;
  /** True when all versions that have these files were yanked. */
  yanked?: true;
  /** The newest version that is not yanked, when another, older one has these files. */
  current?: string;
  /** Whether the version has to be written into the files first. */
  write: boolean;
}

interface LocalVersion {
  /** As people write it: `@acme/pdf-tools`. */
  ref: string;
  /** What its files state. */
  version: string | undefined;
  treeDigest: string;
}

/**
 * Compares a skill with what its registry has. Files that state a version are unchanged when any version has them; files that
 * state none, only when the newest one has them: else they went back to older ones, which is a change.
 *
 * @param bump how to count on where the version has to be written; without it, it may not be
 * @throws CodedError `version_exists`, `invalid_version`, `unexpected_answer` for a registry that does not tell digests
 */
export function nextStep(local: LocalVersion, published: PublishedVersions, bump: Bump | undefined): Step {
  const silent = published.find(({ tree_digest }) => tree_digest === undefined);
  if (silent) throw untold(local.ref);
  const newest = published[0]?.version;
  const known = newest === undefined ? {} : { newest };
  const compared = local.version === undefined ? published.slice(0, 1) : published;
  const same = compared.filter(({ tree_digest }) => tree_digest === local.treeDigest);
  if (same[0]) return { ...unchanged(same[0], same, published), ...known };
  const isFree = local.version !== undefined && published.every(({ version }) => version !== local.version);
  if (local.version !== undefined && isFree) return { kind: 'publish', version: local.version, ...known, write: false };
  if (bump === undefined) throw local.version === undefined ? unnumbered() : taken(`${local.ref}@${local.version}`);
  const version = newest === undefined ? '1.0.0' : increase(newest, bump);
  if (version === null) throw untold(local.ref);
  return { kind: 'publish', version, ...known, write: true };
}

function unchanged(newest: PublishedVersion, same: PublishedVersions, published: PublishedVersions): Step {
  const isServed = ({ yanked_at }: PublishedVersion) => yanked_at === null;
  const served = same.find(isServed);
  if (!served) return { kind: 'unchanged', version: newest.version, yanked: true, write: false };
  const current = published.find(isServed)?.version;
  const older = current === undefined || current === served.version ? {} : { current };
  return { kind: 'unchanged', version: served.version, ...older, write: false };
}

function unnumbered(): CodedError {
  return new CodedError(
    'invalid_version',
    'The skill names no version.',
    'Add version: "1.0.0" under metadata in SKILL.md, or let `skills sync --write` do it.',
  );
}

function taken(ref: string): CodedError {
  return new CodedError(
    'version_exists',
    `${ref} is published already, with other files.`,
    'Raise the version, or let `skills sync --write` do it.',
  );
}

function untold(ref: string): CodedError {
  return new CodedError(
    'unexpected_answer',
    `The registry does not tell what is in the versions of ${ref}.`,
    'Publish with `skills publish`, or ask its operator for a newer hub.',
  );
}
