import { lstat, readlink } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { Bundle } from '../../src/format/bundle.ts';
import { errorCode } from '../atomic-file.ts';
import { CodedError } from '../failure.ts';
import { folderDigest } from '../project/folder-digest.ts';
import { realFolder } from '../project/real-path.ts';
import type { InstallRecord } from '../project/record.ts';
import { type Scope, skillFolder } from '../project/scope.ts';
import type { Change } from '../project/transaction.ts';
import { writeBundle } from '../project/write-bundle.ts';

/** File systems and accounts that have no links: Windows without the right to make them, FAT, some network drives. */
const NO_LINKS = ['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'UNKNOWN'];

/** What an agent finds in its folder under the name of a skill. */
type Found = 'nothing' | 'link' | 'copy' | 'foreign';

/** A skill as it shall be seen by agents. */
export interface Visible {
  record: InstallRecord;
  /** Its files, when somebody needs them. */
  bundle: () => Promise<Bundle>;
}

/** What was installed under a name before. */
export interface Former {
  record: InstallRecord;
  /** Real paths of the agents' folders that it was put into. */
  folders: ReadonlySet<string>;
}

/**
 * How a skill gets into an agent's folder, as a link or a copy.
 *
 * @param folder where the agent looks, its real path
 * @returns undefined when all is as it should be
 * @throws CodedError `conflict` when the place is taken by something else
 */
export async function linkChange(
  scope: Scope,
  folder: string,
  { record, bundle }: Visible,
  former: Former | undefined,
): Promise<Change | undefined> {
  const path = join(folder, record.name);
  const target = await realPlace(skillFolder(scope, record));
  const { found, leadsTo } = await inspect(scope, path, record, former);
  if (found === 'foreign') {
    const message = `${path} exists, but was not installed by this program.`;
    throw new CodedError('conflict', message, 'Move it away, then install again.');
  }
  if (found === 'link' && leadsTo === target && !record.copied) return undefined;
  if (found === 'copy' && (await folderDigest(path)) === record.treeDigest) return undefined;
  return {
    path,
    async make(draft, steps) {
      if (record.copied) return writeBundle(draft, await bundle(), steps);
      try {
        await steps.symlink(relative(folder, target), draft, 'junction');
      } catch (error) {
        if (!NO_LINKS.includes(errorCode(error) ?? '')) throw error;
        await writeBundle(draft, await bundle(), steps);
      }
    },
  };
}

/** How a skill gets out of an agent's folder again; undefined when what is there is not ours. */
export async function unlinkChange(scope: Scope, folder: string, record: InstallRecord): Promise<Change | undefined> {
  const path = join(folder, record.name);
  const { found } = await inspect(scope, path, record, { record, folders: new Set([folder]) });
  return found === 'link' || found === 'copy' ? { path } : undefined;
}

async function inspect(
  scope: Scope,
  path: string,
  record: InstallRecord,
  former: Former | undefined,
): Promise<{ found: Found; leadsTo?: string }> {
  const stats = await lstat(path).catch((error) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (!stats) return { found: 'nothing' };
  if (stats.isSymbolicLink()) {
    const leadsTo = await realPlace(resolve(dirname(path), await readlink(path)));
    return (await isOurs(scope, leadsTo, record.name)) ? { found: 'link', leadsTo } : { found: 'foreign' };
  }
  if (!stats.isDirectory()) return { found: 'foreign' };
  // A copy that somebody edited is still ours where one was put; what else is there has to be what we would put there.
  if (former?.record.copied && former.folders.has(dirname(path))) return { found: 'copy' };
  const digests = [record.treeDigest, former?.record.treeDigest];
  return { found: digests.includes(await folderDigest(path)) ? 'copy' : 'foreign' };
}

/** Whether a link leads to where this program puts that skill, in whatever version. */
async function isOurs(scope: Scope, leadsTo: string, name: string): Promise<boolean> {
  const place = await realPlace(skillFolder(scope, { name, version: basename(leadsTo) }));
  return leadsTo === place;
}

/** The path with its folder's links followed, but not its own. */
async function realPlace(path: string): Promise<string> {
  return join(await realFolder(dirname(path)), basename(path));
}
