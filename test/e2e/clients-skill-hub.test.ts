import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { publishTo } from '../support/hub-client.ts';
import {
  freePort,
  type HubProcess,
  newKey,
  PACKAGE_PATH,
  startHubProcess,
  temporaryDirectory,
} from '../support/hub-process.ts';

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
    const key = await newKey(hub.url, 'alice');
    await publishTo(hub.url, key, { name: 'calendar' });
    const cwd = temporaryDirectory();
    const env = { ...process.env, HOME: cwd, HUB: hub.url, KEY: key, OWNER: 'alice@example.com', SLUG: 'calendar' };
    const { stdout } = await run('bash', [join(PACKAGE_PATH, 'test/e2e/skill-hub-client.sh')], { cwd, env });
    expect(stdout.trim().split('\n').at(-1)).toBe('done');
    expect(stdout.match(/^ok /gm)).toHaveLength(30);
  });

  test('a header of the operator’s choice, with the bare key', async () => {
    const key = await newKey(hub.url, 'umbrella');
    const { stdout } = await run('curl', ['-fsS', '-H', `X-Hub-Key: ${key}`, `${hub.url}/api/v1/skill/search?size=1`]);
    expect(stdout).toMatch(/^\{"code":200,/);
  });
});
