import { dirname, join } from 'node:path';
import type { Bundle } from '../../src/format/bundle.ts';
import type { FileSteps } from './steps.ts';

/** Writes the files of a skill into a new folder. */
export async function writeBundle(folder: string, bundle: Bundle, steps: FileSteps): Promise<void> {
  await steps.mkdir(folder, { recursive: true });
  for (const { path, bytes, executable } of bundle.files) {
    const file = join(folder, path);
    await steps.mkdir(dirname(file), { recursive: true });
    await steps.writeFile(file, bytes, { flag: 'wx', mode: executable ? 0o755 : 0o644 });
  }
}
