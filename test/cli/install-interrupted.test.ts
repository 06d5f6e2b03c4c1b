import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { newNamespace, publish } from '../support/skills.ts';
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
