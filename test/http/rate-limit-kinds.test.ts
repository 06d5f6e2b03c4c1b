import { describe, expect, test } from 'vitest';
import { DEFAULT_SKILL_HUB } from '../../src/core/deps.ts';
import { rateRules } from '../../src/http/kit/rate-kind.ts';

const HUB_HEADERS = ['authorization', 'x-api-key'];
const { kindOf, placeOf } = rateRules(DEFAULT_SKILL_HUB, HUB_HEADERS);
const moved = rateRules({ ...DEFAULT_SKILL_HUB, apiPrefix: '/hub', legacyApiPrefix: '/old/hub' }, HUB_HEADERS);

const GETS = {
  search: [
    '/v1/search',
    '/api/v1/search',
    '/api/search',
    '/api/v1/packages/search',
    '/api/v1/skill/search',
    '/api/skill/search',
  ],
  download: [
    '/v1/download/acme/pdf-tools/1.0.0',
    '/v1/download/acme/pdf-tools/1.0.0/sig',
    '/api/v1/download',
    '/api/download',
    '/api/v1/skills/pdf-tools/file',
    '/api/v1/skill/download/pdf-tools',
    '/api/skill/download/pdf-tools',
    '/acme/pdf-tools/.well-known/agent-skills/1.0.0.tar.gz',
    '/.well-known/skills/pdf-tools/SKILL.md',
    '/acme/.well-known/skills/pdf-tools/index.json',
    '/t/token/acme/pdf-tools/.well-known/agent-skills/index.json',
  ],
  read: [
    '/',
    '/v1/health',
    '/v1/packages/acme/search/latest',
    '/v1/packages/acme/download/versions',
    '/v1/jobs/search',
    '/api/v1/skills',
    '/api/v1/skills/search',
    '/api/v1/skills/file',
    '/api/v1/skill/detail/search',
    '/.well-known/agent-skills/index.json',
    '/.well-known/skills/index.json',
    '/acme/.well-known/skills/index.json',
    '/.well-known/clawhub.json',
    '/healthz/',
  ],
} as const;

describe.each(Object.entries(GETS))('a GET counts as a %s', (kind, paths) => {
  test.each([...paths])('%s', (path) => {
    expect([kindOf('GET', path), kindOf('HEAD', path)]).toEqual([kind, kind]);
    expect(kindOf('OPTIONS', path)).toBeUndefined();
    for (const method of ['PUT', 'PATCH', 'DELETE', 'PROPFIND']) expect(kindOf(method, path), method).toBe('write');
  });
});

test.each([
  ['/v1/publish', 'write'],
  ['/v1/keys', 'write'],
  ['/api/v1/skills', 'write'],
  ['/api/v1/skills/-/security-verdicts', 'write'],
  ['/api/cli/device/token', 'write'],
  ['/v1/namespaces', 'account'],
  ['/v1/auth/login', 'account'],
  ['/v1/auth/token', 'account'],
  ['/v1/auth/device', 'account'],
  ['/v1/auth/device/token', 'write'],
  ['/api/v1/auth/login', 'account'],
  ['/api/v1/auth/token', 'account'],
  ['/api/v1/publishers', 'account'],
  ['/api/cli/device/code', 'account'],
  ['/cli/device', 'account'],
  ['/cli/auth', 'account'],
])('a POST to %s counts as %s', (path, kind) => {
  expect(kindOf('POST', path)).toBe(kind);
});

test('/healthz counts nowhere, whoever asks how often', () => {
  expect([kindOf('GET', '/healthz'), kindOf('HEAD', '/healthz')]).toEqual([undefined, undefined]);
});

test('the Skill Hub counts where it was moved to, and nowhere else', () => {
  expect(moved.kindOf('GET', '/hub/search')).toBe('search');
  expect(moved.kindOf('GET', '/old/hub/download/pdf-tools')).toBe('download');
  expect(moved.kindOf('GET', '/api/skill/search')).toBe('read');
  expect(moved.placeOf('/hub/search').credentials).toEqual(HUB_HEADERS);
  expect(moved.placeOf('/api/skill/search').credentials).toEqual(['authorization']);
});

test.each([
  ['/v1/whoami', ['authorization'], true],
  ['/api/v1/skills', ['authorization'], true],
  ['/api/search', ['authorization'], true],
  ['/acme/.well-known/skills/index.json', ['authorization'], true],
  ['/api/v1/skill/search', HUB_HEADERS, true],
  ['/api/skill/edit/pdf-tools', HUB_HEADERS, true],
  ['/t/token/acme/pdf-tools/.well-known/skills/index.json', [], true],
  ['/', [], false],
  ['/cli/device', [], false],
  ['/v1x', [], false],
  ['/.well-known/clawhub.json', [], false],
])('%s: keys are looked for in %j', (path, credentials, asksMeter) => {
  expect(placeOf(path)).toEqual({ credentials, asksMeter });
});
