import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { uploadTo, waitForPass } from '../support/hub-client.ts';
import {
  freePort,
  type HubProcess,
  newKey,
  poll,
  spawnHub,
  startHubProcess,
  temporaryDirectory,
} from '../support/hub-process.ts';

const hubs: HubProcess[] = [];
async function start(options?: Parameters<typeof startHubProcess>[0]): Promise<HubProcess> {
  const hub = await startHubProcess(options);
  hubs.push(hub);
  return hub;
}
afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => (hub.child.exitCode === null ? hub.stop('SIGINT') : undefined)));
});

const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

test('an empty directory becomes a hub: keys, database, examples, one ready line', async () => {
  const hub = await start({ args: [] });
  const keys = join(hub.data, 'keys');
  expect(readdirSync(keys).sort()).toEqual(['log.key', 'operator.key', 'registry.pem', 'session.key', 'vault.key']);
  expect(readdirSync(keys).map((file) => mode(join(keys, file)))).toEqual(['600', '600', '600', '600', '600']);
  expect(mode(keys)).toBe('700');
  const registryKey = createPrivateKey(readFileSync(join(keys, 'registry.pem'), 'utf8'));
  expect(registryKey.asymmetricKeyDetails?.modulusLength).toBe(4096);

  const operatorKey = readFileSync(join(keys, 'operator.key'), 'utf8').trim();
  expect(hub.output().split(operatorKey)).toHaveLength(2);
  expect(hub.output().match(/^ready on /gm)).toHaveLength(1);
  const who = await fetch(`${hub.url}/v1/whoami`, { headers: { authorization: `Bearer ${operatorKey}` } });
  expect(await who.json()).toMatchObject({ kind: 'operator' });

  const found = await (await fetch(`${hub.url}/v1/search`)).json();
  expect(found).toMatchObject({ total: 3 });
  const archive = Buffer.from(await (await fetch(`${hub.url}/v1/download/examples/csv-summary/latest`)).arrayBuffer());
  const signature = Buffer.from(
    await (await fetch(`${hub.url}/v1/download/examples/csv-summary/latest/sig`)).arrayBuffer(),
  );
  const { keys: published } = (await (await fetch(`${hub.url}/v1/keys/registry`)).json()) as {
    keys: { pem: string }[];
  };
  const folder = temporaryDirectory();
  writeFileSync(join(folder, 'a.skill'), archive);
  writeFileSync(join(folder, 'a.sig'), signature);
  writeFileSync(join(folder, 'key.pem'), published[0]?.pem ?? '');
  const verdict = execFileSync('openssl', ['dgst', '-sha256', '-verify', 'key.pem', '-signature', 'a.sig', 'a.skill'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(verdict.trim()).toBe('Verified OK');

  expect(await hub.stop('SIGINT')).toBe(0);
  expect(existsSync(join(hub.data, 'lock.json'))).toBe(false);
  const again = await start({ data: hub.data, args: [] });
  expect(again.output()).not.toContain(operatorKey);
  expect(await (await fetch(`${again.url}/v1/search`)).json()).toMatchObject({ total: 3 });
});

test('HOST, PORT and HUB_DATA do what the flags do', async () => {
  const data = temporaryDirectory();
  const port = await freePort();
  const hub = spawnHub(['serve', '--no-examples'], { PORT: String(port), HOST: '127.0.0.1', HUB_DATA: data });
  await poll(60_000, hub.output, async () => hub.output().includes(`ready on http://127.0.0.1:${port}`));
  expect(await (await fetch(`http://127.0.0.1:${port}/healthz`)).json()).toEqual({ status: 'ok' });
  expect(existsSync(join(data, 'keys'))).toBe(true);
  expect(await (await fetch(`http://127.0.0.1:${port}/v1/search`)).json()).toMatchObject({ total: 0 });
  expect(await hub.stop('SIGTERM')).toBe(0);
});

test('a second process on the same directory is refused, and the first goes on', async () => {
  const hub = await start();
  const second = spawnHub(['serve', '--port', String(await freePort()), '--data', hub.data]);
  const code = await new Promise((resolve) => second.child.once('close', resolve));
  expect(code).toBe(1);
  expect(second.output()).toContain(`is in use by the hub with process id ${hub.child.pid}`);
  expect(second.output()).not.toContain('    at ');
  expect(await (await fetch(`${hub.url}/v1/health`)).json()).toMatchObject({ status: 'ok' });
});

test('a port that is taken is named, and nothing is left behind', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const data = join(temporaryDirectory(), 'new');
  const hub = spawnHub(['serve', '--no-examples', '--port', String(port), '--data', data]);
  const code = await new Promise((resolve) => hub.child.once('close', resolve));
  server.close();
  expect(code).toBe(1);
  expect(hub.output()).not.toContain('exception');
  expect(hub.output()).toContain(`Cannot listen on 127.0.0.1:${port}: another program listens there.`);
  expect(existsSync(data)).toBe(false);
});

test('a lock file that was cut short by a crash is taken over', async () => {
  const data = temporaryDirectory();
  mkdirSync(data, { recursive: true });
  writeFileSync(join(data, 'lock.json'), '{"host":{"pi');
  const hub = await start({ data });
  expect((await fetch(`${hub.url}/healthz`)).status).toBe(200);
});

test('kill -9 during publishes loses nothing that was answered 202, and leaves no process behind', async () => {
  let hub = await start();
  const key = await newKey(hub.url, 'acme');
  const accepted: { name: string; jobId: string }[] = [];
  for (let round = 0; round < 3; round++) {
    const names = Array.from(
      { length: 6 },
      (_, i) => `round-${'abcd'.charAt(round).repeat(4)}-${'uvwxyz'.charAt(i).repeat(4)}`,
    );
    const uploads = names.map(async (name) => {
      accepted.push({ name, jobId: await uploadTo(hub.url, key, { name }) });
    });
    // The first answers are in, the others and most of the vetting are not: in every round at another moment.
    await Promise.race(uploads);
    await Promise.all(uploads.slice(0, round));
    const workerd = Number(readFileSync(join(hub.data, 'workerd.pid'), 'utf8'));
    await hub.stop('SIGKILL');
    await Promise.allSettled(uploads);
    await poll(
      10_000,
      () => `workerd ${workerd} still runs`,
      async () => !isRunning(workerd),
    );
    hub = await start({ data: hub.data });
  }
  expect(accepted.length).toBeGreaterThanOrEqual(3);
  for (const { name, jobId } of accepted) {
    await waitForPass(hub.url, jobId, hub.output);
    expect((await fetch(`${hub.url}/v1/download/acme/${name}/1.0.0`)).status, name).toBe(200);
    expect((await fetch(`${hub.url}/v1/download/acme/${name}/1.0.0/sig`)).status, name).toBe(200);
  }
  const { packages } = (await (await fetch(`${hub.url}/v1/search`)).json()) as { packages: { name: string }[] };
  for (const { name } of packages) {
    expect((await fetch(`${hub.url}/v1/packages/acme/${name}/latest`)).status, name).toBe(200);
    expect((await fetch(`${hub.url}/v1/packages/acme/${name}/latest/preview`)).status, name).toBe(200);
  }
}, 120_000);

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

test('a login code arrives as a file in the outbox, and only there', async () => {
  const hub = await start();
  await newKey(hub.url, 'mailbox');
  const headers = { 'content-type': 'application/json' };
  const login = await fetch(`${hub.url}/v1/auth/login`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ namespace: 'mailbox', email: 'mailbox@example.com' }),
  });
  expect(login.status).toBe(202);
  const [file = ''] = readdirSync(join(hub.data, 'outbox'));
  const mail = readFileSync(join(hub.data, 'outbox', file), 'utf8');
  const [otp = ''] = /\b\d{6}\b/.exec(mail.slice(mail.indexOf('Your login code'))) ?? [];
  expect(mode(join(hub.data, 'outbox', file))).toBe('600');
  expect(hub.output()).toContain(file);
  expect(hub.output()).not.toContain(otp);
  const token = await fetch(`${hub.url}/v1/auth/token`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ namespace: 'mailbox', otp }),
  });
  expect(token.status).toBe(200);
});
