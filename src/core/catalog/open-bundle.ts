import type { Actor } from '../accounts/actor.ts';
import type { Deps, StoredBundle } from '../deps.ts';
import { type FoundVersion, getVersion } from './get-version.ts';
import { bundleKeys } from './keys.ts';
import type { Preview } from './preview.ts';

/** `skill` is the archive that the metadata's sha256 speaks of; the others are the canonical forms of the same tree. */
export const ARCHIVE_FORMS = ['skill', 'tar.gz', 'zip'] as const;
export type ArchiveForm = (typeof ARCHIVE_FORMS)[number];

type Wanted = { namespace: string; name: string; version: string };

export interface OpenedBundle extends FoundVersion {
  stored: StoredBundle;
  sha256: string;
  kind: 'tar.gz' | 'zip';
}

/** Opens an archive of a published version. @throws Problem as `getVersion` does, or what the store throws */
export async function openBundle(
  deps: Pick<Deps, 'db' | 'bundles'>,
  actor: Actor,
  wanted: Wanted,
  form: ArchiveForm,
): Promise<OpenedBundle> {
  return openArchive(deps, await getVersion(deps, actor, wanted), form);
}

/** The same for a version that was found. @throws what the store throws */
export async function openArchive(
  deps: Pick<Deps, 'bundles'>,
  found: FoundVersion,
  form: ArchiveForm,
): Promise<OpenedBundle> {
  const { sha256, kind } = artifact(found, form);
  return { ...found, sha256, kind, stored: await required(deps, bundleKeys.archive(sha256, kind)) };
}

/** Opens the raw signature over an archive. @throws Problem as `getVersion` does, or what the store throws */
export async function openSignature(
  deps: Pick<Deps, 'db' | 'bundles'>,
  actor: Actor,
  wanted: Wanted,
  form: ArchiveForm,
) {
  const found = await getVersion(deps, actor, wanted);
  const { sha256 } = artifact(found, form);
  const keyId = present(found.version.keyId);
  return { ...found, sha256, keyId, stored: await required(deps, bundleKeys.signature(sha256, keyId)) };
}

/** The preview of a published version. @throws Problem as `getVersion` does, or what the store throws */
export async function getPreview(
  deps: Pick<Deps, 'db' | 'bundles'>,
  actor: Actor,
  wanted: Wanted,
): Promise<FoundVersion & { preview: Preview }> {
  const found = await getVersion(deps, actor, wanted);
  return { ...found, preview: await openPreview(deps, found) };
}

/** The same for a version that was found. @throws what the store throws */
export async function openPreview(deps: Pick<Deps, 'bundles'>, { version }: FoundVersion): Promise<Preview> {
  const stored = await required(deps, bundleKeys.preview(version.treeDigest));
  return new Response(stored.body).json<Preview>();
}

function artifact({ version }: FoundVersion, form: ArchiveForm): { sha256: string; kind: 'tar.gz' | 'zip' } {
  if (form === 'zip') return { sha256: present(version.zipSha256), kind: 'zip' };
  return { sha256: form === 'skill' ? version.archiveSha256 : present(version.tarSha256), kind: 'tar.gz' };
}

async function required(deps: Pick<Deps, 'bundles'>, key: string): Promise<StoredBundle> {
  const stored = await deps.bundles.open(key);
  if (!stored) throw new Error(`the bundle store has lost ${key}`);
  return stored;
}

function present<T>(value: T | null): T {
  if (value === null) throw new Error('a published version lacks an artifact');
  return value;
}
