import { beforeAll, describe, expect, test } from 'vitest';
import { matrixTemplate, SKILLS, startTrial, type Template, type Trial } from '../support/matrix.ts';
import { requestOf } from '../support/matrix-requests.ts';
import { MATRIX } from '../support/matrix-table.ts';

let template: Template;
let trial: Trial;

beforeAll(async () => {
  template = await matrixTemplate();
  trial = await startTrial(template);
}, 60_000);

const FROM = { origin: 'https://elsewhere.test' };

/**
 * What pages of other origins may read: discovery, and the dialects under /api whose contract it is. Keys never come by
 * themselves, so such a page has those rights only that somebody typed into it.
 */
const isOpen = (path: string) =>
  path.includes('/.well-known/') || (path.startsWith('/api/') && !/^\/api\/(v1\/)?skill\//.test(path));

describe.each(MATRIX)('$route', ({ route }) => {
  test.each(['anonymous', 'admin'] as const)('asked by a page elsewhere, for %s', async (actor) => {
    const { headers } = await trial(
      requestOf(route, SKILLS.public, template.ids, { ...template.headers[actor], ...FROM }),
    );
    const open = isOpen(route.split(' ')[1] ?? '') ? '*' : null;
    expect(headers.get('access-control-allow-origin')).toBe(open);
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });
});

const preflight = (path: string, method: string) =>
  trial(
    new Request(`http://hub.test${path}`, {
      method: 'OPTIONS',
      headers: { ...FROM, 'access-control-request-method': method, 'access-control-request-headers': 'authorization' },
    }),
  );

test.each([
  ['/v1/publish', 'POST'],
  ['/v1/keys', 'DELETE'],
  ['/v1/admin/audit', 'GET'],
  ['/api/skill/edit/open-tool', 'PUT'],
  ['/api/v1/skill/search', 'GET'],
  ['/cli/device', 'POST'],
  ['/log/checkpoint', 'GET'],
])('%s lets no page elsewhere send %s with a key', async (path, method) => {
  const { headers } = await preflight(path, method);
  expect(headers.get('access-control-allow-origin')).toBeNull();
  expect(headers.get('access-control-allow-methods')).toBeNull();
});

test('discovery is for reading only', async () => {
  const { headers } = await preflight('/acme/open-tool/.well-known/agent-skills/index.json', 'GET');
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.get('access-control-allow-methods')).toBe('GET,HEAD');
});

test('what somebody is told with a key is in no shared cache', async () => {
  const untouched = await startTrial(template);
  const request = new Request('http://hub.test/api/v1/skills/open-tool', {
    headers: { ...FROM, ...template.headers.admin },
  });
  const { status, headers } = await untouched(request);
  expect(status).toBe(200);
  expect(headers.get('cache-control')).toBe('private, no-cache');
  expect(headers.get('vary')?.toLowerCase()).toContain('authorization');
});
