import { beforeAll, describe, expect, test } from 'vitest';
import { matrixTemplate, SKILLS, startTrial, type Template, type Trial } from '../support/matrix.ts';
import { requestOf } from '../support/matrix-requests.ts';
import { MATRIX } from '../support/matrix-table.ts';
import { publish, worldWithKey } from '../support/skills.ts';
import { createWorld } from '../support/world.ts';

let template: Template;
let trial: Trial;

beforeAll(async () => {
  template = await matrixTemplate();
  trial = await startTrial(template);
}, 60_000);

const ON_EVERYTHING = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  // Nothing acts on cookies, so no other site can act with one.
  'set-cookie': null,
};

const of = ({ headers }: Response, names: Record<string, unknown>) =>
  Object.fromEntries(Object.keys(names).map((name) => [name, headers.get(name)]));

/** Whether a browser may run anything that such an answer holds. */
const RUNS = /html|xml|svg|javascript|ecmascript|pdf|flash/i;

describe.each(['anonymous', 'admin'] as const)('what %s is answered', (actor) => {
  test.each(MATRIX)('$route', async ({ route }) => {
    const response = await trial(requestOf(route, SKILLS.public, template.ids, template.headers[actor]));
    expect(of(response, ON_EVERYTHING)).toEqual(ON_EVERYTHING);
    const type = response.headers.get('content-type') ?? '';
    const isPage = /^\/cli\/|^\/v1\/docs$/.test(route.split(' ')[1] ?? '');
    expect(RUNS.test(type)).toBe(isPage);
    if (isPage) expect(scripts(response)).toBe("'none'");
  });
});

/** What the policy of a page lets run. */
function scripts({ headers }: Response): string | undefined {
  const policy = headers.get('content-security-policy') ?? '';
  const rules = new Map(
    policy.split(';').map((rule) => {
      const [name = '', ...sources] = rule.trim().split(/\s+/);
      return [name, sources.join(' ')];
    }),
  );
  return rules.get('script-src') ?? rules.get('default-src');
}

test('a page can neither be framed, nor change what its links stand for', async () => {
  for (const path of ['/v1/docs', '/cli/device']) {
    const policy = (await trial(new Request(`http://hub.test${path}`))).headers.get('content-security-policy');
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("base-uri 'none'");
  }
});

test.each(['/v1/whoami', '/healthz', '/nowhere', '/api/v1/nowhere', '/api/skill/search'])(
  'a refusal by the limits of %s has them too',
  async (path) => {
    const world = await createWorld({
      deps: { limiter: { take: () => ({ allowed: path === '/healthz', resetAt: 0 }) } },
    });
    const response = await world.fetch(path);
    expect(response.status).toBe(path === '/healthz' ? 200 : 429);
    expect(of(response, ON_EVERYTHING)).toEqual(ON_EVERYTHING);
  },
);

const ACTIVE = { html: '<script>alert(1)</script>', svg: '<svg onload="alert(1)"/>', xhtml: '<html/>', js: 'alert(1)' };
const PLAIN = ['application/octet-stream', 'text/plain; charset=utf-8', 'text/markdown; charset=utf-8'];

test('a file of a skill is never answered as anything that a browser would run', async () => {
  const { world, key } = await worldWithKey();
  const files = Object.fromEntries(Object.entries(ACTIVE).map(([kind, text]) => [`assets/page.${kind}`, text]));
  expect(await publish(world, key, { files })).toMatchObject({ status: 'pass' });
  for (const path of ['SKILL.md', ...Object.keys(files)]) {
    for (const url of [
      `/api/v1/skills/pdf-tools/file?path=${path}`,
      `/acme/.well-known/skills/pdf-tools/${path}`,
      `/acme/pdf-tools/.well-known/skills/pdf-tools/${path}`,
    ]) {
      const response = await world.fetch(url, { headers: { accept: 'text/html' } });
      expect({ url, status: response.status }).toEqual({ url, status: 200 });
      expect(PLAIN).toContain(response.headers.get('content-type'));
      expect(of(response, ON_EVERYTHING)).toEqual(ON_EVERYTHING);
    }
  }
});

const EVIL = '"><script>alert(1)</script>';
const asked = encodeURIComponent(EVIL);

test.each([
  `/${EVIL}`,
  `/${asked}`,
  `/v1/${asked}`,
  `/v1/packages/${asked}/${asked}/${asked}`,
  `/v1/search?q=${asked}&page=${asked}`,
  `/api/v1/skills/${asked}`,
  `/api/${asked}`,
  `/api/skill/detail/${asked}`,
  `/api/v1/tags?limit=${asked}`,
  `/t/${asked}/a/b/.well-known/skills/index.json`,
  `/${asked}/.well-known/skills/index.json`,
  `/log/${asked}`,
  `/cli/device?user_code=${asked}`,
  `/cli/auth?redirect_uri=${asked}&state=${asked}`,
  `/cli/auth?redirect_uri=http://127.0.0.1:1/&state=0123456789&label_b64=${btoa(EVIL)}`,
])('nothing of %s comes back as a script', async (path) => {
  const response = await trial(new Request(`http://hub.test${path}`, { headers: { accept: 'text/html' } }));
  const type = response.headers.get('content-type') ?? '';
  expect(type.startsWith('text/html')).toBe(path.startsWith('/cli/'));
  if (type.startsWith('text/html')) expect(await response.text()).not.toContain('<script');
});

test.each(['namespace', 'email', 'code', 'user_code'])('nor does the field %s of a form', async (field) => {
  const fields = { step: 'mail', user_code: template.ids.userCode, namespace: 'acme', email: 'a@b.c', code: '' };
  const body = new URLSearchParams({ ...fields, [field]: EVIL.slice(0, 32) });
  const response = await trial(new Request('http://hub.test/cli/device', { method: 'POST', body }));
  expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  expect(await response.text()).not.toContain('<script');
});

test.each<Record<string, string>>([
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site', origin: 'http://evil.hub.test' },
  { origin: 'https://elsewhere.test' },
])('a form from another site is refused: %j', async (headers) => {
  const body = new URLSearchParams({ step: 'begin', user_code: template.ids.userCode });
  const response = await trial(new Request('http://hub.test/cli/device', { method: 'POST', headers, body }));
  expect(response.status).toBe(403);
});
