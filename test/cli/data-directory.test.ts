import { existsSync } from 'node:fs';
import { mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../../cli/serve/make-folder.ts';
import { newSession } from './terminal-session.ts';

const FIX = 'fix: Choose another folder with --data or HUB_DATA.\n';

/** Rotating the key takes the data directory as starting does, and starts nothing. */
async function take(data: string, prepare: (cwd: string) => Promise<unknown> = async () => undefined) {
  const session = await newSession();
  await prepare(session.cwd);
  return { cwd: session.cwd, ...(await session.run('serve', '--rotate-key', '--data', data)) };
}

describe('the data directory', () => {
  it('is made with the folders above it, for its owner alone', async () => {
    const { cwd } = await newSession();
    const path = join(cwd, 'a/b/c');
    expect(makeFolder(path)).toBe(true);
    expect(makeFolder(path)).toBe(false);
    for (const folder of ['a', 'a/b', 'a/b/c']) expect((await stat(join(cwd, folder))).mode & 0o777).toBe(0o700);
  });

  it.skipIf(!existsSync('/proc/self'))('cannot be where the file system takes no folders', async () => {
    for (const data of ['/proc/x', '/proc/x/y']) {
      expect(await take(data)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: `error: Cannot make the folder ${data}: the file system there takes no folders.\n${FIX}`,
      });
    }
  });

  it('cannot be a file, lie below one, or be a link that leads nowhere', async () => {
    const file = await take('hub', (cwd) => writeFile(join(cwd, 'hub'), 'x'));
    expect(file).toMatchObject({
      code: 1,
      stderr: `error: Cannot make the folder ${join(file.cwd, 'hub')}: a file is in its place.\n${FIX}`,
    });
    const below = await take('hub/data', (cwd) => writeFile(join(cwd, 'hub'), 'x'));
    expect(below).toMatchObject({
      code: 1,
      stderr: `error: Cannot make the folder ${join(below.cwd, 'hub/data')}: a file is in its way.\n${FIX}`,
    });
    const link = await take('hub', (cwd) => symlink(join(cwd, 'gone'), join(cwd, 'hub')));
    expect(link).toMatchObject({
      code: 1,
      stderr: `error: Cannot make the folder ${join(link.cwd, 'hub')}: a file is in its place.\n${FIX}`,
    });
  });

  it('says when its lock cannot be taken, and leaves everything as it was', async () => {
    const { cwd, code, stdout, stderr } = await take('hub', (cwd) =>
      mkdir(join(cwd, 'hub/lock.json'), { recursive: true }),
    );
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      `error: The lock ${join(cwd, 'hub/lock.json')} cannot be taken (EISDIR).\nfix: Check who may write into its folder, or choose another folder with --data or HUB_DATA.\n`,
    );
    expect(await readdir(join(cwd, 'hub'))).toEqual(['lock.json']);
  });
});
