import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { findProject } from '../../cli/loader/stores.ts';
import { projectRoot } from '../../cli/project/scope.ts';

async function project(): Promise<{ root: string; below: string }> {
  const root = await mkdtemp(join(tmpdir(), 'skills-own-'));
  onTestFinished(() => rm(root, { recursive: true }));
  const below = join(root, 'a/b');
  await mkdir(below, { recursive: true });
  await writeFile(join(root, 'skills.json'), '{}');
  return { root, below };
}

/** From now on every folder is somebody else's. */
function becomeAnother(): void {
  const user = process.getuid?.() ?? 0;
  vi.spyOn(process as Required<typeof process>, 'getuid').mockReturnValue(user + 1);
  onTestFinished(() => void vi.restoreAllMocks());
}

describe.each([
  ['the command', async (cwd: string) => projectRoot(cwd)],
  ['the loader', findProject],
])('%s', (_who, find) => {
  it('finds the project above in a folder of the same user', async () => {
    const { root, below } = await project();
    expect(await find(below)).toBe(root);
  });

  it('leaves out what somebody else has put above', async () => {
    const { below } = await project();
    becomeAnother();
    expect(await find(below)).toBe(below);
  });

  it('takes the folder that it starts in, whoever has it', async () => {
    const { root } = await project();
    becomeAnother();
    expect(await find(root)).toBe(root);
  });
});
