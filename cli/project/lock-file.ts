import { readFile } from 'node:fs/promises';
import * as z from 'zod';
import { errorCode } from '../atomic-file.ts';
import { CodedError } from '../failure.ts';
import { type InstallRecord, parseRecords } from './record.ts';
import type { Scope } from './scope.ts';

type Records = ReadonlyMap<string, InstallRecord>;

/**
 * What is installed in a scope, by `@namespace/name`, or by name for skills that come from no registry.
 *
 * @throws CodedError `invalid_lock` when the file is not what this program wrote
 */
export async function readRecords({ recordsPath }: Pick<Scope, 'recordsPath'>): Promise<Map<string, InstallRecord>> {
  try {
    return parseRecords(await readFile(recordsPath, 'utf8'));
  } catch (cause) {
    if (errorCode(cause) === 'ENOENT') return new Map();
    if (!isDamage(cause)) throw cause;
    throw new CodedError(
      'invalid_lock',
      `${recordsPath} is damaged.`,
      'Restore it from your version control, or remove it and the skills beside it and install them again.',
      1,
      { cause },
    );
  }
}

/**
 * What this program has put on the disk of a scope; undefined where nobody noted it. After a change of `skills.lock` by
 * others that is something else than what the file says.
 */
export async function readOnDisk({ onDiskPath }: Pick<Scope, 'onDiskPath'>): Promise<Records | undefined> {
  try {
    return parseRecords(await readFile(onDiskPath, 'utf8'));
  } catch (cause) {
    // A damaged note is as good as none: what is on disk is compared with the lock file then.
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(cause) ?? '') || isDamage(cause)) return undefined;
    throw cause;
  }
}

function isDamage(cause: unknown): boolean {
  return cause instanceof SyntaxError || cause instanceof z.ZodError;
}
