import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  freePort,
  type HubProcess,
  PACKAGE_PATH,
  poll,
  startHubProcess,
  temporaryDirectory,
} from '../support/hub-process.ts';
import { tarGz } from '../support/skills.ts';

const run = promisify(execFile);
const TOOLS = ['bash', 'curl', 'jq', 'file', 'unzip'];
const missing = TOOLS.filter((tool) => {
  try {
    execFileSync('sh', ['-c', `command -v ${tool}`]);
    return false;
  } catch {
    return true;
  }
});

async function post(url: string, body: BodyInit, headers: Record<string, string>): Promise<Record<string, string>> {
  const response = await fetch(url, { method: 'POST', body, headers });
  const answer: unknown = await response.json();
  if (!response.ok || typeof answer !== 'object' || answer === null) throw new Error(`${url}: ${response.status}`);
  return Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, String(value)]));
}

async function newKey(hub: HubProcess, slug: string): Promise<string> {
  const body = JSON.stringify({ slug, email: `${slug}@example.com` });
  const { api_key = '' } = await post(`${hub.url}/v1/namespaces`, body, { 'content-type': 'application/json' });
  return api_key;
}

async function publishSkill(hub: HubProcess, key: string, name: string): Promise<void> {
  const archive = new Uint8Array(await tarGz({ name }));
  const { job_id } = await post(`${hub.url}/v1/publish`, archive, { authorization: `Bearer ${key}` });
  let status = 'pending';
  await poll(
    30_000,
    () => `the job is ${status}`,
    async () => {
      const answer = await fetch(`${hub.url}/v1/jobs/${job_id}`);
      status = /"status":"(\w+)"/.exec(await answer.text())?.[1] ?? 'unknown';
      return status === 'pass';
    },
  );
}

describe.skipIf(missing.length > 0)('curl and jq', () => {
  let hub: HubProcess;

  beforeAll(async () => {
    hub = await startHubProcess({
      port: await freePort(),
      env: { SKILL_HUB_AUTH_HEADER: 'X-Hub-Key', SKILL_HUB_AUTH_SCHEME: '' },
    });
  });
  afterAll(() => hub.stop('SIGINT'));

  test('look around, sync, install, edit and roll back', async () => {
    const key = await newKey(hub, 'alice');
    await publishSkill(hub, key, 'calendar');
    const cwd = temporaryDirectory();
    const env = { ...process.env, HOME: cwd, HUB: hub.url, KEY: key, OWNER: 'alice@example.com', SLUG: 'calendar' };
    const { stdout } = await run('bash', [join(PACKAGE_PATH, 'test/e2e/skill-hub-client.sh')], { cwd, env });
    expect(stdout.trim().split('\n').at(-1)).toBe('done');
    expect(stdout.match(/^ok /gm)).toHaveLength(30);
  });

  test('a header of the operator’s choice, with the bare key', async () => {
    const key = await newKey(hub, 'umbrella');
    const { stdout } = await run('curl', ['-fsS', '-H', `X-Hub-Key: ${key}`, `${hub.url}/api/v1/skill/search?size=1`]);
    expect(stdout).toMatch(/^\{"code":200,/);
  });
});
