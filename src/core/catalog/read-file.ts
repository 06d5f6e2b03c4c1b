import type { Limits } from '../../format/limits.ts';
import { readZip } from '../../format/zip-read.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { type FoundVersion, getVersion } from './get-version.ts';
import { openArchive } from './open-bundle.ts';

/** A published bundle was held to the limits when it came in; lowering them later must not lock it up. */
export const PUBLISHED: Limits = {
  maxFiles: Number.POSITIVE_INFINITY,
  maxUnpackedBytes: Number.POSITIVE_INFINITY,
  maxFileBytes: Number.POSITIVE_INFINITY,
  maxArchiveBytes: Number.POSITIVE_INFINITY,
};

/**
 * One file of a published version, by its exact path. Nothing but this file is unpacked.
 *
 * @throws Problem as `getVersion` does, `not_found` for a path that the version does not have, or what the store throws
 */
export async function readFile(
  deps: Pick<Deps, 'db' | 'bundles'>,
  actor: Actor,
  wanted: { namespace: string; name: string; version: string },
  path: string,
): Promise<FoundVersion & { bytes: Uint8Array }> {
  const found = await getVersion(deps, actor, wanted);
  return { ...found, bytes: await readFileOf(deps, found, path) };
}

/** The same for a version that was found. @throws Problem `not_found` for the path, or what the store throws */
export async function readFileOf(deps: Pick<Deps, 'bundles'>, found: FoundVersion, path: string): Promise<Uint8Array> {
  const { stored } = await openArchive(deps, found, 'zip');
  const zip = new Uint8Array(await new Response(stored.body).arrayBuffer());
  const file = readZip(zip, PUBLISHED, (candidate) => candidate === path).find((entry) => entry.path === path);
  if (file?.kind === 'file') return file.bytes;
  throw noSuchFile(found, path);
}

/** The answer for a path that a version does not have. */
export function noSuchFile({ skill, version }: FoundVersion, path: string): Problem {
  const address = `@${skill.namespace}/${skill.name}@${version.version}`;
  return new Problem('not_found', `${address} has no file '${path}'.`, {
    fix: `List its files: skills info ${address} --files.`,
    missing: 'file',
  });
}
