import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { postJson } from '../support/skills.ts';
import { configure, type DoctorHub, doctor, doctorHub, REGISTRY } from './doctor-hub.ts';
import type { Tamper } from './hub.ts';

let hub: DoctorHub;

beforeAll(async () => {
  hub = await doctorHub();
});

describe('a registry', () => {
  const answering =
    (path: string, answer: (response: Response) => Response): Tamper =>
    (asked, response) =>
      asked === path ? answer(response) : response;
  const at = (date: string) =>
    answering('/v1/health', (response) => new Response(response.body, { headers: { date } }));

  it.each([
    [
      'that is down',
      () => Promise.reject(new TypeError('fetch failed', { cause: new Error('no route') })),
      `The registry ${REGISTRY} cannot be reached: no route.`,
    ],
    [
      'that fails',
      () => Response.json({ status: 'failing', database: 'failing', bundles: 'ok', queue: 'unknown' }, { status: 503 }),
      `The registry ${REGISTRY} answered with HTTP 503.`,
    ],
    [
      'that is something else',
      () => new Response('<html>'),
      `${REGISTRY} does not tell its health as a Skills Hub does.`,
    ],
  ] as const)('%s is a problem', async (_, tamper, message) => {
    const { code, bad } = await doctor(await hub.session({ tamper }));
    expect([code, bad]).toMatchObject([
      1,
      [{ subject: 'registry', status: 'problem', message, fix: expect.any(String) }],
    ]);
  });

  it('whose jobs are late is worth a warning', async () => {
    const health = { status: 'degraded', database: 'ok', bundles: 'ok', queue: 'late' };
    const tamper = answering('/v1/health', () => Response.json(health));
    expect(await doctor(await hub.session({ tamper }))).toMatchObject({
      code: 0,
      bad: [{ status: 'warning', message: `${REGISTRY} answers, but its jobs are late.` }],
    });
  });

  it.each([
    ['Thu, 01 Jan 2026 00:00:20 GMT', 0, 'ok', `The clocks here and of ${REGISTRY} agree.`],
    ['Thu, 01 Jan 2026 00:01:10 GMT', 0, 'warning', `The clock here is 1 minute behind that of ${REGISTRY}.`],
    ['Wed, 31 Dec 2025 22:00:00 GMT', 1, 'problem', `The clock here is 120 minutes ahead of that of ${REGISTRY}.`],
  ])('that says it is %s', async (date, exitCode, status, message) => {
    const { code, checks } = await doctor(await hub.session({ tamper: at(date) }));
    expect(code).toBe(exitCode);
    expect(checks.filter(({ subject }) => subject === 'clock')).toMatchObject([{ status, message }]);
  });

  it('that others can listen to is worth a warning', async () => {
    const working = await hub.session();
    expect(await doctor(working, '--registry', 'http://hub.example')).toMatchObject({
      code: 0,
      bad: [{ subject: 'registry', status: 'warning', fix: 'Use https://, if the registry has it.' }],
    });
  });

  it('that has another key than before is a problem', async () => {
    const working = await hub.installed();
    const { registries } = JSON.parse(await readFile(join(working.home, '.skills/config.json'), 'utf8'));
    const [[kid = '', pem] = []] = Object.entries(registries[REGISTRY].keys);
    await configure(working, { registries: { [REGISTRY]: { keys: { old: pem } } } });
    expect(await doctor(working)).toMatchObject({
      code: 1,
      bad: [
        {
          subject: 'keys',
          status: 'problem',
          message: `${REGISTRY} signs with the key ${kid} now, which is not trusted.`,
        },
      ],
    });
    await configure(working, { registries: { [REGISTRY]: { keys: { [kid]: 'another' } } } });
    expect(await doctor(working)).toMatchObject({
      code: 1,
      bad: [
        {
          subject: 'keys',
          status: 'problem',
          message: `The registry's key changed: ${REGISTRY} shows another key under the id '${kid}' than before.`,
        },
      ],
    });
  });

  it('that does not know the stored key any more is a problem', async () => {
    const working = await hub.session();
    await configure(working, { registries: { [REGISTRY]: { token: `skh_${'0'.repeat(64)}`, namespace: 'acme' } } });
    const { code, bad } = await doctor(working);
    expect([code, bad]).toMatchObject([
      1,
      [
        {
          subject: 'login',
          status: 'problem',
          message: expect.stringMatching(
            /^This API key is unknown or revoked\. It is the key of acme in .*config\.json\.$/,
          ),
          fix: 'Run `skills login acme` for a new one, or `skills logout`.',
        },
      ],
    ]);
    expect(JSON.stringify(bad)).not.toContain('skh_');
  });

  it('whose key expires soon is worth a warning', async () => {
    const made = await postJson(
      hub.world,
      '/v1/keys?namespace=acme',
      { label: 'ci', expires_in: 3 * 24 * 3600 },
      { authorization: `Bearer ${hub.key}` },
    );
    const { api_key: token } = await made.json<{ api_key: string }>();
    const working = await hub.session({ env: { SKILLS_TOKEN: token } });
    const { code, bad } = await doctor(working);
    expect([code, bad]).toMatchObject([
      0,
      [{ subject: 'login', status: 'warning', fix: 'Make a new one: skills token create' }],
    ]);
  });

  it('is looked at whenever something belongs to it', async () => {
    const other = 'http://127.0.0.1:9999';
    const working = await hub.session();
    await configure(working, { namespaces: { '@acme': other }, registries: { 'http://127.0.0.1:8': {} } });
    const { checks } = await doctor(working);
    expect(checks.filter(({ subject }) => subject === 'registry').map(({ message }) => message)).toEqual([
      `${REGISTRY} works.`,
      `${other} works.`,
    ]);
  });
});
