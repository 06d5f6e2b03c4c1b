import { folderDigest } from '../project/folder-digest.ts';
import { rootsOf } from '../project/graph.ts';
import { readOnDisk, readRecords } from '../project/lock-file.ts';
import { isSource, type Manifest, readManifest } from '../project/manifest.ts';
import type { InstallRecord } from '../project/record.ts';
import { type Scope, skillFolder } from '../project/scope.ts';
import { exists } from '../project/transaction.ts';

/** What a scope wants and has. */
export interface Situation {
  scope: Scope;
  manifest: Manifest;
  /** By `@namespace/name`. */
  records: ReadonlyMap<string, InstallRecord>;
  /** What this program has put on the disk, as far as it is known. */
  onDisk: ReadonlyMap<string, InstallRecord>;
  /** What is wanted for itself: a range, a version or a tag by `@namespace/name`. */
  roots: ReadonlyMap<string, string>;
  /** The same for what comes from folders and the web: `file:…` or a web address by name. */
  sourceRoots: ReadonlyMap<string, string>;
}

/** @throws CodedError `invalid_manifest`, `invalid_lock` */
export async function readSituation(scope: Scope): Promise<Situation> {
  const [manifest, records, noted] = await Promise.all([
    readManifest(scope.manifestPath),
    readRecords(scope),
    readOnDisk(scope),
  ]);
  const all = [...rootsOf(manifest, records)];
  const roots = new Map(all.filter(([, wanted]) => !isSource(wanted)));
  const sourceRoots = new Map(all.filter(([, wanted]) => isSource(wanted)));
  return { scope, manifest, records, onDisk: noted ?? (await intactOf(scope, records)), roots, sourceRoots };
}

/** Those of the skills whose files are there as recorded. What else is in their places may be anybody's. */
async function intactOf(
  scope: Scope,
  records: ReadonlyMap<string, InstallRecord>,
): Promise<Map<string, InstallRecord>> {
  const intact = new Map<string, InstallRecord>();
  for (const [key, record] of records) {
    const folder = skillFolder(scope, record);
    if ((await exists(folder)) && (await folderDigest(folder)) === record.treeDigest) intact.set(key, record);
  }
  return intact;
}
