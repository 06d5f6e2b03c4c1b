import { FILE, FILE_ANNOUNCED, type MatrixIds } from './matrix-world.ts';

export interface Sent {
  query?: Record<string, string>;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is, with its type. */
  body?: Uint8Array<ArrayBuffer> | string;
  type?: string;
  /** Instead of the path that the route and the target make. */
  path?: string;
}

type Filling = (name: string, ids: MatrixIds) => Sent;

const why = { json: { reason: 'Because of a report.' } };
const answer = { json: { answer: 'A person has looked at it.' } };
const form = (fields: Record<string, string>): Sent => ({
  body: new URLSearchParams(fields).toString(),
  type: 'application/x-www-form-urlencoded',
});
const found: Filling = () => ({ query: { q: 'pdf' } });
const slug: Filling = (name) => ({ query: { slug: name } });
const owner = { query: { ownerHandle: 'acme' } };
const LOGIN = { namespace: 'acme', email: 'acme@example.com' };
const LOOPBACK = { redirect_uri: 'http://127.0.0.1:9999/callback', state: '0123456789abcdef' };
const DESCRIBED = {
  name: 'said-tool',
  version: '1.0.0',
  description: 'Says what was said before, word for word.',
  author: { name: 'Acme', email: 'acme@example.com' },
  license: 'MIT',
  keywords: ['echo'],
  capabilities: ['echo'],
  frameworks: { openclaw: '>=1.0.0' },
};

/** What a request needs beside its path, where it needs anything, by `METHOD path` as the matrix writes it. */
export const FILLINGS: Record<string, Filling> = {
  'POST /v1/namespaces': () => ({ json: { slug: 'newcomers', email: 'new@example.com' } }),
  'POST /v1/auth/login': () => ({ json: LOGIN }),
  'POST /v1/auth/token': (_, ids) => ({ json: { namespace: 'acme', otp: ids.otp } }),
  'POST /v1/auth/device': () => ({ json: { label: 'ci' } }),
  'POST /v1/auth/device/token': (_, ids) => ({ json: { device_code: ids.deviceCode } }),
  'GET /v1/keys': () => ({ query: { namespace: 'acme' } }),
  'POST /v1/keys': () => ({ query: { namespace: 'acme' }, json: { label: 'ci', scopes: ['read'] } }),
  'DELETE /v1/keys/:id': (_, ids) => ({ path: `/v1/keys/${ids.key}` }),
  'POST /v1/namespaces/:namespace/cert': (_, ids) => ({ body: ids.certificateRequest, type: 'text/plain' }),
  'POST /v1/namespaces/:namespace/rotate-key': (_, ids) => ({ json: ids.rotation }),
  'GET /v1/namespaces/:namespace/rotate-key/confirm': (_, ids) => ({ path: ids.confirm }),
  'POST /v1/publish': (_, ids) => ({
    query: { namespace: 'acme' },
    body: ids.archive,
    type: 'application/gzip',
  }),
  'GET /v1/jobs/:id': (_, ids) => ({ path: `/v1/jobs/${ids.job}` }),
  'GET /v1/search': found,
  'GET /api/search': found,
  'GET /api/v1/search': found,
  'GET /api/skill/search': found,
  'GET /api/v1/skill/search': found,
  'GET /v1/packages/:namespace/:name/diff': () => ({ query: { from: '1.0.0', to: '1.1.0' } }),
  'PUT /v1/packages/:namespace/:name/visibility': () => ({ json: { visibility: 'private' } }),
  'PUT /v1/packages/:namespace/:name/tags/:tag': () => ({ json: { version: '1.1.0' } }),
  'PUT /v1/packages/:namespace/:name/deprecation': () => ({ json: { message: 'Use sign-tool.' } }),
  'POST /v1/packages/:namespace/:name/transfer': () => ({ json: { to: 'umbrella' } }),
  'POST /v1/packages/:namespace/:name/link': () => ({ json: {} }),
  'POST /v1/namespaces/:namespace/pgp-keys': (_, ids) => ({ body: ids.newPgpKey, type: 'application/pgp-keys' }),
  'DELETE /v1/namespaces/:namespace/pgp-keys/:fingerprint': (_, ids) => ({
    path: `/v1/namespaces/acme/pgp-keys/${ids.pgpFingerprint}`,
  }),
  'POST /v1/jobs/:id/appeal': (_, ids) => ({ path: `/v1/jobs/${ids.held}/appeal`, json: { text: 'It is harmless.' } }),
  'POST /v1/packages/:namespace/:name/appeal': () => ({ json: { text: 'It is harmless.' } }),
  'POST /v1/admin/jobs/:id/approve': (_, ids) => ({
    path: `/v1/admin/jobs/${ids.held}/approve`,
    json: { note: 'It is harmless.' },
  }),
  'POST /v1/admin/jobs/:id/reject': (_, ids) => ({ ...why, path: `/v1/admin/jobs/${ids.held}/reject` }),
  'GET /v1/admin/jobs/:id/bundle': (_, ids) => ({ path: `/v1/admin/jobs/${ids.held}/bundle` }),
  'POST /v1/admin/appeals/:id/grant': (_, ids) => ({ ...answer, path: `/v1/admin/appeals/${ids.appeal}/grant` }),
  'POST /v1/admin/appeals/:id/deny': (_, ids) => ({ ...answer, path: `/v1/admin/appeals/${ids.appeal}/deny` }),
  'POST /v1/admin/reports/:id/confirm': (_, ids) => ({ ...why, path: `/v1/admin/reports/${ids.report}/confirm` }),
  'POST /v1/admin/reports/:id/dismiss': (_, ids) => ({ ...why, path: `/v1/admin/reports/${ids.report}/dismiss` }),
  'POST /v1/admin/registry-keys/:kid/revoke': () => ({ ...why, path: '/v1/admin/registry-keys/earlier/revoke' }),
  'POST /v1/admin/rescans': () => ({ json: {} }),
  'GET /v1/admin/rescans/:id': (_, ids) => ({ path: `/v1/admin/rescans/${ids.rescan}` }),
  'POST /v1/admin/skills/:namespace/:name/hide': () => why,
  'POST /v1/admin/skills/:namespace/:name/show': () => why,
  'POST /v1/admin/namespaces/:namespace/ban': () => why,
  'POST /v1/admin/namespaces/:namespace/unban': () => why,
  'PUT /v1/admin/namespaces/:namespace/moderator': () => ({ json: { moderator: true } }),
  'PUT /api/v1/skill/edit/:slug': () => ({ json: { displayName: 'Another name' } }),
  'PUT /api/skill/edit/:slug': () => ({ json: { displayName: 'Another name' } }),
  'POST /cli/device': (_, ids) => form({ step: 'begin', user_code: ids.userCode }),
  'GET /cli/auth': () => ({ query: LOOPBACK }),
  'POST /cli/auth': () => form({ step: 'begin', ...LOOPBACK }),
  'GET /log/tile/*': (_, ids) => ({ path: ids.entries }),
  'POST /api/v1/auth/login': () => ({ json: LOGIN }),
  'POST /api/v1/auth/token': () => ({ json: { scopes: ['read'] } }),
  'POST /api/v1/skills': () => publishForm('form-tool'),
  'POST /api/v1/skills (described)': () => ({ json: DESCRIBED }),
  'POST /api/v1/skills/-/security-verdicts': (name) => ({ json: { items: [{ slug: name, version: '1.0.0' }] } }),
  'POST /api/v1/skills/-/upload-url': () => ({ json: FILE_ANNOUNCED }),
  'POST /api/v1/skills/-/upload/:ticket': (_, ids) => ({
    path: `/api/v1/skills/-/upload/${ids.ticket}`,
    body: FILE,
    type: 'text/markdown',
  }),
  'POST /api/v1/skills/:slug/report': () => ({ json: { reason: 'It does not do what it says.' } }),
  'POST /api/v1/skills/-/reports/:id/triage': (_, ids) => ({
    path: `/api/v1/skills/-/reports/${ids.report}/triage`,
    json: { status: 'dismissed' },
  }),
  'POST /api/v1/skills/-/scan': (name) => ({ json: { source: { kind: 'published', slug: name } } }),
  'GET /api/v1/skills/-/scan/download/:name': () => ({ query: { version: '1.0.0' } }),
  'GET /api/v1/skills/-/scan/:id': (_, ids) => ({ path: `/api/v1/skills/-/scan/${ids.scan}` }),
  'GET /api/v1/skills/-/scan/:id/download': (_, ids) => ({ path: `/api/v1/skills/-/scan/${ids.scan}/download` }),
  'GET /api/v1/skills/:slug/file': () => ({ query: { path: 'SKILL.md' } }),
  'GET /api/v1/download': slug,
  'GET /api/download': slug,
  'GET /api/v1/resolve': (name) => ({ query: { slug: name, hash: '0'.repeat(64) } }),
  'POST /api/v1/skills/:slug/rename': () => ({ json: { newSlug: 'next-tool', ownerHandle: 'acme' } }),
  'POST /api/v1/skills/:slug/merge': () => ({ json: { targetSlug: 'sign-tool', ownerHandle: 'acme' } }),
  'POST /api/v1/skills/:slug/tags/:tag': () => ({ json: { version: '1.1.0' } }),
  'DELETE /api/v1/skills/:slug/tags/:tag': () => ({ json: {} }),
  'POST /api/v1/skills/:slug/transfer': () => ({ ...owner, json: { toUserHandle: 'umbrella' } }),
  'POST /api/v1/publishers': () => ({ json: { handle: 'further-labs' } }),
  'POST /api/cli/telemetry/install': () => ({ json: {} }),
  'POST /api/cli/telemetry/sync': () => ({ json: {} }),
  'POST /api/cli/device/code': () => ({ json: { label: 'ci' } }),
  'POST /api/cli/device/token': (_, ids) => ({
    json: { device_code: ids.deviceCode, grant_type: 'urn:ietf:params:oauth:grant-type:device_code' },
  }),
};

/** What has to be so in the database for a request to be a good one. */
export const BEFORE: Record<string, string> = {
  'POST /v1/namespaces/:namespace/cert': 'DELETE FROM certificates',
  'POST /v1/packages/:namespace/:name/appeal': `UPDATE skills SET hidden_by = 'moderator', hidden_at = 1`,
  'POST /v1/admin/registry-keys/:kid/revoke': `INSERT INTO registry_keys (id, pem, created_at) VALUES ('earlier', '', 1)`,
  'POST /v1/packages/:namespace/:name/transfer': 'DELETE FROM transfers',
  'POST /api/v1/skills/:slug/transfer': 'DELETE FROM transfers',
};

const BOUNDARY = 'part-of-a-form';

function publishForm(name: string): Sent {
  const payload = { slug: name, displayName: name, ownerHandle: 'acme', version: '1.0.0', changelog: '' };
  const text = `---\nname: ${name}\ndescription: Says what was said before, word for word.\n---\n# How to\n\nDo it well.\n`;
  const part = (head: string, content: string) =>
    `--${BOUNDARY}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${content}\r\n`;
  const file = part('name="files"; filename="SKILL.md"', text);
  return {
    body: `${part('name="payload"', JSON.stringify(payload))}${file}--${BOUNDARY}--\r\n`,
    type: `multipart/form-data; boundary=${BOUNDARY}`,
  };
}

/** The request of a route about a skill of that name. */
export function requestOf(key: string, name: string, ids: MatrixIds, headers: Record<string, string>): Request {
  const [method = '', pattern = ''] = key.split(' ');
  const { query = {}, json, body, type, path } = FILLINGS[key]?.(name, ids) ?? {};
  const url = new URL(path ?? pathOf(pattern, name, ids), 'http://hub.test');
  for (const [field, value] of Object.entries(query)) url.searchParams.set(field, value);
  const sent = json === undefined ? body : JSON.stringify(json);
  if (sent === undefined) return new Request(url, { method, headers });
  return new Request(url, { method, headers: { ...headers, 'content-type': type ?? 'application/json' }, body: sent });
}

/** Fills in the parameters of a path as the router has it. */
function pathOf(pattern: string, name: string, ids: MatrixIds): string {
  const values: Record<string, string> = {
    namespace: 'acme',
    owner: 'acme',
    repo: 'tools',
    version: '1.0.0',
    tag: 'stable',
    archive: '1.0.0.tar.gz',
    file: 'SKILL.md',
    token: ids.links[name] ?? '',
  };
  return pattern.replace(/:(\w+)(?:\{.*?\}(?=\/|$))?/g, (_, parameter: string) => values[parameter] ?? name);
}
