import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { newNamespace, publish, worldWithKey } from '../support/skills.ts';
import { createWorld } from '../support/world.ts';
import { tree } from './files.ts';
import { hubSession } from './hub.ts';

const BIN = resolve(import.meta.dirname, '../../cli/bin.js');

/** A registry that takes requests and never answers. */
async function silentRegistry(): Promise<{ url: string; asked: Promise<unknown> }> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.closeAllConnections());
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked: once(server, 'request') };
}

it('Ctrl-C during an install leaves nothing behind, not even its lock', async () => {
  const world = await createWorld();
  const { key } = await newNamespace(world, 'acme');
  await publish(world, key);
  const session = await hubSession({ world });
  const { url, asked } = await silentRegistry();
  const child = spawn(process.execPath, [BIN, 'install', '@acme/pdf-tools', '--registry', url], {
    cwd: session.cwd,
    env: { PATH: process.env.PATH, HOME: session.home },
  });
  const stderr = text(child.stderr);
  await asked;
  child.kill('SIGINT');
  const [code] = await once(child, 'exit');
  expect([code, await stderr]).toEqual([130, 'Interrupted; nothing was installed.\n']);
  expect(await tree(session.cwd)).toEqual([]);
  expect(await tree(join(session.home, '.skills/.locks'))).toEqual([]);
  expect((await session.run('install', '@acme/pdf-tools')).code).toBe(0);
});

it('Ctrl-C while the log is asked, the last before anything is written, ends it too', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  const listeners: (() => void)[] = [];
  const exits: number[] = [];
  let isWatched = false;
  const session = await hubSession({
    world,
    onInterrupt: (listener) => void listeners.push(listener),
    exit: (code) => void exits.push(code),
    tamper(path, response) {
      if (isWatched && path === '/v1/log/checkpoint') for (const listener of listeners) listener();
      return response;
    },
  });
  await session.run('install', '@acme/pdf-tools');
  await session.run('uninstall', 'pdf-tools');
  isWatched = true;
  const { stderr } = await session.run('install', '@acme/pdf-tools');
  expect(stderr).toMatch(/^Interrupted; nothing was installed\.\n/);
  expect([...new Set(exits)]).toEqual([130]);
});

it('what stands in the way of an install stands in the way of trusting its registry, too', async () => {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  const session = await hubSession({ world });
  const folder = join(session.cwd, '.agents/skills/pdf-tools');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'SKILL.md'), 'My own.\n');
  const { code, document, stderr } = await session.json('install', '@acme/pdf-tools');
  expect([code, document]).toMatchObject([1, { error: { code: 'conflict' } }]);
  expect(stderr).not.toContain('trusting');
  expect((await tree(join(session.home, '.skills'))).filter((path) => !path.startsWith('.'))).toEqual([]);
  expect(await readFile(join(folder, 'SKILL.md'), 'utf8')).toBe('My own.\n');
});
