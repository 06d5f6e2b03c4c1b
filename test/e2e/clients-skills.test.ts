import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeTarGz } from '../../src/format/archive.ts';
import type { Bundle } from '../../src/format/bundle.ts';
import { clientScript, runClient } from '../support/clients.ts';
import { publishTo } from '../support/hub-client.ts';
import { type HubProcess, newKey, startHubProcess, temporaryDirectory } from '../support/hub-process.ts';
import { skill } from '../support/skills.ts';

const VERSIONS = ['skills-1-7', 'skills-1-5'];
const FILES = {
  'references/über uns.md': '# Wir\n',
  [`references/${'long-folder-name/'.repeat(6)}notes.md`]: 'Far away.\r\n',
  'scripts/run.sh': 'echo hi\n',
};

let hub: HubProcess;
let key: string;
const proxies: Server[] = [];

beforeAll(async () => {
  hub = await startHubProcess();
  key = await newKey(hub.url, 'acme');
  await publishTo(hub.url, key, { files: FILES, body: 'The first one.\n' });
  await publishTo(hub.url, key, { name: 'changelog-writer' });
  await publishTo(hub.url, key, { name: 'secret-plans', body: 'Nobody knows.\n' }, '?visibility=private');
}, 120_000);
afterAll(async () => {
  for (const proxy of proxies) proxy.close();
  await hub.stop('SIGINT');
});

/** A project of somebody who has this client. */
async function project(client: string) {
  const home = temporaryDirectory();
  const cwd = join(home, 'project');
  mkdirSync(cwd);
  const script = await clientScript(client, 'bin/cli.mjs');
  const skills = (args: string[], env: Record<string, string> = {}) =>
    runClient(script, args, { cwd, env: { HOME: home, ...env } });
  const add = (url: string, ...more: string[]) => skills(['add', url, '-a', 'claude-code', '-y', ...more]);
  return { skills, add, cwd, folder: join(cwd, '.claude/skills') };
}

/** The files in a folder by their paths. */
function contents(folder: string): Record<string, Buffer> {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path)]));
}

const expected = (bundle: Bundle) =>
  Object.fromEntries(bundle.files.map(({ path, bytes }) => [path, Buffer.from(bytes)]));

/** Something on the way to the hub that changes what it answers; undefined passes an answer on. */
async function proxy(change: (path: string, body: Buffer) => Buffer | 404): Promise<string> {
  const server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    const answer = await fetch(hub.url + path);
    const body = change(path, Buffer.from(await answer.arrayBuffer()));
    if (body === 404) return void response.writeHead(404).end('{}');
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(body);
  });
  proxies.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

test.each(VERSIONS)('%s adds a skill, every file byte for byte', async (client) => {
  const { add, cwd, folder } = await project(client);
  const run = await add(`${hub.url}/acme/pdf-tools`);
  expect(run).toMatchObject({ code: 0 });
  expect(readdirSync(folder)).toEqual(['pdf-tools']);
  expect(contents(join(folder, 'pdf-tools'))).toEqual(expected(skill({ files: FILES, body: 'The first one.\n' })));
  const lock = JSON.parse(readFileSync(join(cwd, 'skills-lock.json'), 'utf8'));
  expect(lock.skills['pdf-tools']).toMatchObject({ sourceType: 'well-known' });
});

test.each(VERSIONS)('%s does the same by version 0.1 alone', async (client) => {
  const { add, folder } = await project(client);
  const url = await proxy((path, body) => (path.includes('/agent-skills/') ? 404 : body));
  expect(await add(`${url}/acme/pdf-tools`)).toMatchObject({ code: 0 });
  expect(contents(join(folder, 'pdf-tools'))).toEqual(expected(skill({ files: FILES, body: 'The first one.\n' })));
});

test.each(VERSIONS)('%s takes one skill out of a namespace', async (client) => {
  const { add, folder } = await project(client);
  expect(await add(`${hub.url}/acme`, '--skill', 'changelog-writer')).toMatchObject({ code: 0 });
  expect(readdirSync(folder)).toEqual(['changelog-writer']);
});

test.each(VERSIONS)('%s finds a skill, and what it prints can be added', async (client) => {
  const { skills, add, folder } = await project(client);
  const found = await skills(['find', 'pdf', 'tool'], { SKILLS_API_URL: hub.url });
  expect(found.code).toBe(0);
  const source = `${hub.url}/acme/pdf-tools@pdf-tools`;
  expect(found.output).toContain(source);
  expect(await add(source)).toMatchObject({ code: 0 });
  expect(readdirSync(folder)).toEqual(['pdf-tools']);
  const owned = await skills(['find', 'pdf', '--owner', 'nobody'], { SKILLS_API_URL: hub.url });
  expect(owned.output).toContain('No skills found for "pdf" from owner "nobody"');
});

test.each(VERSIONS)('%s adds a private skill through a link, and only so', async (client) => {
  const { add, folder } = await project(client);
  expect((await add(`${hub.url}/acme/secret-plans`)).code).toBe(1);
  expect(contents(folder)).toEqual({});
  const made = await fetch(`${hub.url}/v1/packages/acme/secret-plans/link`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
  });
  const { url } = (await made.json()) as { url: string };
  expect(await add(url)).toMatchObject({ code: 0 });
  expect(contents(join(folder, 'secret-plans'))).toEqual(
    expected(skill({ name: 'secret-plans', body: 'Nobody knows.\n' })),
  );
});

test.each(VERSIONS)('%s drops an archive that is not what the index says', async (client) => {
  const { add, folder } = await project(client);
  const onlyArchives = (path: string) => path.includes('/agent-skills/');
  let tampered = 0;
  const url = await proxy((path, body) => {
    if (!onlyArchives(path)) return 404;
    if (!path.endsWith('.tar.gz')) return body;
    tampered++;
    return Buffer.concat([body, Buffer.from([0])]);
  });
  expect((await add(`${url}/acme/pdf-tools`)).code).toBe(1);
  expect(tampered).toBe(1);
  expect(contents(folder)).toEqual({});
  const honest = await proxy((path, body) => (onlyArchives(path) ? body : 404));
  expect(await add(`${honest}/acme/pdf-tools`)).toMatchObject({ code: 0 });
});

test.each(VERSIONS)('%s adds the version that the address names', async (client) => {
  for (const version of ['1.0.0', '1.1.0', '2.0.0'])
    await publishTo(hub.url, key, { name: `pinned-${client}`, version, body: `This is ${version}.\n` });
  const { add, folder } = await project(client);
  expect(await add(`${hub.url}/acme/pinned-${client}@^1.0.0`)).toMatchObject({ code: 0 });
  expect(readFileSync(join(folder, `pinned-${client}/SKILL.md`), 'utf8')).toContain('This is 1.1.0.');
});

test('skills-1-7 updates a project after a new version was published', async () => {
  const name = 'moving-target';
  await publishTo(hub.url, key, { name, body: 'Old.\n' });
  const { skills, add, cwd, folder } = await project('skills-1-7');
  expect(await add(`${hub.url}/acme/${name}`)).toMatchObject({ code: 0 });
  const idle = await skills(['update', '-p', '-y']);
  expect(idle).toMatchObject({ code: 0 });
  expect(idle.output).not.toContain(`Updated ${name}`);
  const newer = { name, version: '1.1.0', body: 'New.\n' };
  await publishTo(hub.url, key, newer);
  const updated = await skills(['update', '-p', '-y']);
  expect(updated).toMatchObject({ code: 0 });
  expect(updated.output).toContain(`Updated ${name}`);
  expect(contents(join(folder, name))).toEqual(expected(skill(newer)));
  const lock = JSON.parse(readFileSync(join(cwd, 'skills-lock.json'), 'utf8'));
  const digest = createHash('sha256')
    .update(await writeTarGz(skill(newer)))
    .digest('hex');
  expect(lock.skills[name].wellKnownDigest).toBe(`sha256:${digest}`);
}, 60_000);

test('CURATED_SKILLS is what a bare address offers', async () => {
  const small = await startHubProcess({ env: { CURATED_SKILLS: 'acme/changelog-writer' } });
  try {
    const theirs = await newKey(small.url, 'acme');
    for (const name of ['changelog-writer', 'pdf-tools']) await publishTo(small.url, theirs, { name });
    for (const client of VERSIONS) {
      const { add, folder } = await project(client);
      expect(await add(small.url)).toMatchObject({ code: 0 });
      expect(readdirSync(folder)).toEqual(['changelog-writer']);
    }
  } finally {
    await small.stop('SIGINT');
  }
}, 60_000);
