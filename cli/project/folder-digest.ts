import { treeDigest } from '../../src/format/digest.ts';
import { readInstalled } from '../folder.ts';
import { UserError } from '../user-error.ts';

/** The tree digest of a folder; undefined when it holds what no skill holds, such as links, or cannot be read. */
export async function folderDigest(folder: string): Promise<string | undefined> {
  try {
    return await treeDigest(await readInstalled(folder));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
