import { writeFile } from 'node:fs/promises';
import { errorCode } from './atomic-file.ts';
import { CodedError, usageError } from './failure.ts';

/**
 * Writes a file that only its owner can read, and never over another one.
 *
 * @throws CodedError when there is one, or it cannot be written
 */
export async function saveNewFile(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await writeFile(path, bytes, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') throw usageError(`${path} is there already.`, 'Choose another file with --out.');
    throw new CodedError(
      'not_written',
      `${path} cannot be written (${code ?? 'unknown error'}).`,
      'Choose another file with --out.',
      1,
      {
        cause: error,
      },
    );
  }
}
