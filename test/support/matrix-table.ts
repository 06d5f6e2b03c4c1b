import { ACTORS, type Target } from './matrix.ts';

/**
 * Who is answered what, route by route: the status of a success, then a letter for each of
 *
 *     anonymous, other, child · read, publish, admin, maker · moderator, operator · revoked, expired
 *
 * about a public skill, and, where the request is about a skill, about a private and a hidden one. `+` is the success, a digit
 * the last one of 401, 403, 404 or 409; b is 400, g 410, w 428. Routes without a success have `---`: those need something
 * that the matrix has not got.
 */
const TABLE = String.raw`
GET /healthz                                                                    200  +++ ++++ ++ ++
GET /                                                                           302  +++ ++++ ++ ++
POST /v1/namespaces                                                             200  +++ ++++ ++ 11
POST /v1/auth/login                                                             202  +++ ++++ ++ 11
POST /v1/auth/token                                                             200  +++ ++++ ++ 11
POST /v1/auth/device                                                            200  +++ ++++ ++ 11
POST /v1/auth/device/token                                                      202  +++ ++++ ++ 11
GET /v1/keys/registry                                                           200  +++ ++++ ++ 11
GET /v1/keys                                                                    200  133 33++ 3+ 11
POST /v1/keys                                                                   201  133 33++ 3+ 11
DELETE /v1/keys/:id                                                             204  144 33++ 4+ 11
POST /v1/namespaces/:namespace/cert                                             200  133 33++ 3+ 11
DELETE /v1/namespaces/:namespace/cert                                           204  133 33++ 3+ 11
GET /v1/ca.pem                                                                  200  +++ ++++ ++ 11
POST /v1/namespaces/:namespace/rotate-key                                       200  133 33++ 3+ 11
GET /v1/namespaces/:namespace/rotate-key/confirm                                200  +++ ++++ ++ 11
GET /v1/whoami                                                                  200  1++ ++++ ++ 11
POST /v1/publish                                                                202  133 3+++ 3+ 11
GET /v1/jobs/:id                                                                200  +++ ++++ ++ 11
GET /v1/search                                                                  200  +++ ++++ ++ 11
GET /v1/packages/:namespace/:name/downloads                                     200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 4444 44 11
GET /v1/packages/:namespace/:name/diff                                          200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 4444 44 11
GET /v1/packages/:namespace/:name/versions                                      200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 4444 44 11
GET /v1/packages/:namespace/:name/:version                                      200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 4444 44 11
GET /v1/packages/:namespace/:name/:version/preview                              200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 4444 44 11
GET /v1/packages/:namespace/:name/:version/findings                             200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 4444 44 11
GET /v1/download/:namespace/:name/:version                                      200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 4444 44 11
GET /v1/download/:namespace/:name/:version/sig                                  200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 4444 44 11
POST /v1/packages/:namespace/:name/:version/yank                                200  133 3+++ 3+ 11  144 3+++ 4+ 11  144 4444 44 11
POST /v1/packages/:namespace/:name/yank                                         200  133 3+++ 3+ 11  144 3+++ 4+ 11  144 4444 44 11
POST /v1/packages/:namespace/:name/:version/unyank                              200  133 3+++ 3+ 11  144 3+++ 4+ 11  144 4444 44 11
PUT /v1/packages/:namespace/:name/visibility                                    200  133 33++ 3+ 11  144 33++ 4+ 11  144 4444 44 11
PUT /v1/packages/:namespace/:name/tags/:tag                                     200  133 3+++ 3+ 11  144 3+++ 4+ 11  144 3444 44 11
DELETE /v1/packages/:namespace/:name/tags/:tag                                  204  133 3+++ 3+ 11  144 3+++ 4+ 11  144 3444 44 11
PUT /v1/packages/:namespace/:name/deprecation                                   200  133 3+++ 3+ 11  144 3+++ 4+ 11  144 4444 44 11
DELETE /v1/packages/:namespace/:name/deprecation                                200  133 3+++ 3+ 11  144 3+++ 4+ 11  144 4444 44 11
PUT /v1/packages/:namespace/:name/star                                          200  1++ ++++ +3 11  144 ++++ 43 11  144 4444 43 11
DELETE /v1/packages/:namespace/:name/star                                       200  1++ ++++ +3 11  144 ++++ 43 11  144 4444 43 11
GET /v1/stars                                                                   200  1++ ++++ +3 11
POST /v1/packages/:namespace/:name/transfer                                     200  133 33++ 3+ 11  144 33++ 4+ 11  144 3399 4+ 11
DELETE /v1/packages/:namespace/:name/transfer                                   200  133 33++ 3+ 11  144 33++ 4+ 11  144 33++ 4+ 11
POST /v1/packages/:namespace/:name/transfer/accept                              200  1+4 4444 4+ 11  1+4 4444 4+ 11  194 4444 4+ 11
POST /v1/packages/:namespace/:name/transfer/decline                             200  1+4 4444 4+ 11  1+4 4444 4+ 11  1+4 4444 4+ 11
GET /v1/transfers                                                               200  1++ ++++ ++ 11
GET /v1/log/proof/:namespace/:name/:version                                     200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 4444 44 11
GET /v1/log/checkpoint                                                          200  +++ ++++ ++ 11
POST /v1/packages/:namespace/:name/link                                         200  133 ++++ 3+ 11  144 ++++ 4+ 11  144 4444 44 11
POST /v1/admin/skills/:namespace/:name/hide                                     200  133 3333 ++ 11  133 3333 ++ 11  133 3333 ++ 11
POST /v1/admin/skills/:namespace/:name/show                                     200  133 3333 ++ 11  133 3333 ++ 11  133 3333 99 11
POST /v1/admin/namespaces/:namespace/ban                                        200  133 3333 ++ 11
POST /v1/admin/namespaces/:namespace/unban                                      200  133 3333 ++ 11
PUT /v1/admin/namespaces/:namespace/moderator                                   200  133 3333 3+ 11
GET /v1/namespaces/:namespace/pgp-keys                                          200  +++ ++++ ++ 11
POST /v1/namespaces/:namespace/pgp-keys                                         201  133 33++ 3+ 11
DELETE /v1/namespaces/:namespace/pgp-keys/:fingerprint                          204  133 33++ 3+ 11
POST /v1/jobs/:id/appeal                                                        201  133 3+++ 3+ 11
POST /v1/packages/:namespace/:name/appeal                                       201  144 3+++ 4+ 11  144 3+++ 4+ 11  144 3+++ 4+ 11
GET /v1/appeals                                                                 200  1++ ++++ ++ 11
GET /v1/download/:namespace/:name/:version/asc                                  200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 4444 44 11
GET /v1/admin/queue                                                             200  133 3333 ++ 11
POST /v1/admin/jobs/:id/approve                                                 200  133 3333 ++ 11
POST /v1/admin/jobs/:id/reject                                                  200  133 3333 ++ 11
GET /v1/admin/jobs/:id/bundle                                                   200  133 3333 ++ 11
POST /v1/admin/appeals/:id/grant                                                200  133 3333 ++ 11
POST /v1/admin/appeals/:id/deny                                                 200  133 3333 ++ 11
POST /v1/admin/rescans                                                          202  133 3333 ++ 11
GET /v1/admin/rescans/:id                                                       200  133 3333 ++ 11
POST /v1/admin/reports/:id/confirm                                              200  133 3333 ++ 11
POST /v1/admin/reports/:id/dismiss                                              200  133 3333 ++ 11
GET /v1/admin/audit                                                             200  133 3333 ++ 11
POST /v1/admin/registry-keys/:kid/revoke                                        200  133 3333 3+ 11
GET /v1/health                                                                  200  +++ ++++ ++ 11
GET /v1/openapi.json                                                            200  +++ ++++ ++ 11
GET /v1/docs                                                                    200  +++ ++++ ++ 11
GET /log/checkpoint                                                             200  +++ ++++ ++ ++
GET /log/tile/*                                                                 200  +++ ++++ ++ ++
GET /api/v1/skill/search                                                        200  1++ ++++ ++ 11
GET /api/v1/skill/versions/:slug                                                200  1++ ++++ ++ 11  133 ++++ 3+ 11  144 4444 44 11
GET /api/v1/skill/versions/:slug/:version                                       200  1++ ++++ ++ 11  133 ++++ 3+ 11  144 4444 44 11
GET /api/v1/skill/download/:slug                                                200  1++ ++++ ++ 11  133 ++++ 3+ 11  144 4444 44 11
GET /api/v1/skill/detail/:slug                                                  200  1++ ++++ ++ 11  133 ++++ 3+ 11  144 4444 44 11
PUT /api/v1/skill/edit/:slug                                                    200  133 3+++ 3+ 11  133 3+++ 3+ 11  444 4444 44 11
GET /api/skill/search                                                           200  +++ ++++ ++ 11
GET /api/skill/versions/:slug                                                   200  +++ ++++ ++ 11  333 ++++ 3+ 11  444 4444 44 11
GET /api/skill/versions/:slug/:version                                          200  +++ ++++ ++ 11  333 ++++ 3+ 11  444 4444 44 11
GET /api/skill/download/:slug                                                   200  +++ ++++ ++ 11  333 ++++ 3+ 11  444 4444 44 11
GET /api/skill/detail/:slug                                                     200  +++ ++++ ++ 11  333 ++++ 3+ 11  444 4444 44 11
PUT /api/skill/edit/:slug                                                       200  133 3+++ 3+ 11  133 3+++ 3+ 11  444 4444 44 11
GET /cli/device                                                                 200  +++ ++++ ++ ++
POST /cli/device                                                                200  +++ ++++ ++ ++
GET /cli/auth                                                                   200  +++ ++++ ++ ++
POST /cli/auth                                                                  200  +++ ++++ ++ ++
GET /t/:token/:namespace/:skill/.well-known/agent-skills/index.json             200  +++ ++++ ++ ++  +++ ++++ ++ ++  444 4444 44 44
GET /t/:token/:namespace/:skill/.well-known/skills/index.json                   200  +++ ++++ ++ ++  +++ ++++ ++ ++  444 4444 44 44
GET /t/:token/:namespace/:skill/.well-known/agent-skills/:archive{.+\.tar\.gz}  200  +++ ++++ ++ ++  +++ ++++ ++ ++  444 4444 44 44
GET /t/:token/:namespace/:skill/.well-known/skills/:file_of/:file{.+}           200  +++ ++++ ++ ++  +++ ++++ ++ ++  444 4444 44 44
GET /.well-known/agent-skills/index.json                                        200  +++ ++++ ++ 11
GET /.well-known/skills/index.json                                              200  +++ ++++ ++ 11
GET /.well-known/skills/:file_of/:file{.+}                                      200  +++ ++++ ++ 11  444 4444 44 11  444 4444 44 11
GET /:owner/.well-known/agent-skills/index.json                                 200  +++ ++++ ++ 11
GET /:owner/.well-known/skills/index.json                                       200  +++ ++++ ++ 11
GET /:owner/.well-known/skills/:file_of/:file{.+}                               200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 4444 44 11
GET /:namespace/:skill/.well-known/agent-skills/index.json                      200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 4444 44 11
GET /:namespace/:skill/.well-known/skills/index.json                            200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 4444 44 11
GET /:namespace/:skill/.well-known/skills/:file_of/:file{.+}                    200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 4444 44 11
GET /:namespace/:skill/.well-known/agent-skills/:archive{.+\.tar\.gz}           200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 4444 44 11
GET /api/search                                                                 200  +++ ++++ ++ 11
GET /.well-known/clawhub.json                                                   200  +++ ++++ ++ ++
GET /.well-known/clawdhub.json                                                  200  +++ ++++ ++ ++
GET /api/v1/skills/:name/:version{(?:[0-9][^/]*|latest)}                        200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 4444 44 11
DELETE /api/v1/skills/:name/:version{(?:[0-9][^/]*|latest)}                     200  133 3+++ 3+ 11  144 3+++ 4+ 11  144 4444 44 11
POST /api/v1/skills                                                             200  133 3+++ 3+ 11
GET /api/v1/tags                                                                200  +++ ++++ ++ 11
POST /api/v1/auth/login                                                         202  +++ ++++ ++ 11
POST /api/v1/auth/token                                                         200  1++ ++++ +3 11
DELETE /api/v1/auth/token                                                       ---  1bb bbbb bb 11
GET /api/v1/health                                                              200  +++ ++++ ++ 11
GET /api/v1/version                                                             200  +++ ++++ ++ 11
GET /api/v1/spm/openapi.json                                                    200  +++ ++++ ++ 11
POST /api/v1/skills/-/security-verdicts                                         200  +++ ++++ ++ 11  +++ ++++ ++ 11  +++ ++++ ++ 11
POST /api/v1/skills/-/upload-url                                                200  1++ 3+++ +3 11
POST /api/v1/skills/-/upload/:ticket                                            200  144 3++4 43 11
POST /api/v1/skills/:slug/report                                                200  1++ 9999 +3 11  144 9999 43 11  144 gggg 43 11
GET /api/v1/skills/-/reports                                                    200  133 3333 ++ 11
POST /api/v1/skills/-/reports/:id/triage                                        200  133 3333 ++ 11
POST /api/v1/skills/-/scan                                                      200  133 3+++ 3+ 11  144 3+++ 4+ 11  144 gggg 4g 11
GET /api/v1/skills/-/scan/download/:name                                        200  144 ++++ 4+ 11  144 ++++ 4+ 11  144 ++++ 4+ 11
GET /api/v1/skills/-/scan/:id                                                   200  144 ++++ 4+ 11
GET /api/v1/skills/-/scan/:id/download                                          200  144 ++++ 4+ 11
GET /api/v1/whoami                                                              200  1++ ++++ ++ 11
GET /api/v1/search                                                              200  +++ ++++ ++ 11
GET /api/v1/skills                                                              200  +++ ++++ ++ 11
GET /api/v1/skills/:slug                                                        200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 gggg 4g 11
GET /api/v1/skills/:slug/card                                                   ---  444 4444 44 11  444 4444 44 11  444 4444 44 11
GET /api/v1/skills/:slug/moderation                                             ---  444 4444 44 11  444 4444 44 11  444 gggg 4g 11
GET /api/v1/skills/:slug/versions                                               200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 gggg 4g 11
GET /api/v1/skills/:slug/versions/:version                                      200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 gggg 4g 11
GET /api/v1/skills/:slug/file                                                   200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 gggg 4g 11
GET /api/v1/download                                                            200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 gggg 4g 11
GET /api/v1/resolve                                                             200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 gggg 4g 11
GET /api/v1/skills/:slug/install                                                200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 gggg 4g 11
GET /api/v1/skills-sh/:owner/:repo/:slug/install                                ---  444 4444 44 11  444 4444 44 11  444 4444 44 11
GET /api/v1/skills/:slug/verify                                                 200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 gggg 4g 11
GET /api/v1/trending                                                            200  +++ ++++ ++ 11
GET /api/v1/packages                                                            200  +++ ++++ ++ 11
GET /api/v1/code-plugins                                                        200  +++ ++++ ++ 11
GET /api/v1/bundle-plugins                                                      200  +++ ++++ ++ 11
GET /api/v1/packages/search                                                     200  +++ ++++ ++ 11
GET /api/v1/packages/:name                                                      ---  444 4444 44 11  444 4444 44 11  444 4444 44 11
DELETE /api/v1/skills/:slug                                                     200  133 3+++ 3+ 11  144 3+++ 4+ 11  144 3+++ 4+ 11
POST /api/v1/skills/:slug/undelete                                              200  133 3+++ 3+ 11  144 3+++ 4+ 11  144 3+++ 4+ 11
DELETE /api/v1/skills/:slug/versions/:version                                   200  133 3+++ 3+ 11  144 3+++ 4+ 11  144 3ggg 4g 11
POST /api/v1/skills/:slug/versions/:version/restore                             200  133 3+++ 3+ 11  144 3+++ 4+ 11  144 gggg 4g 11
POST /api/v1/stars/:slug                                                        200  1++ ++++ +3 11  144 ++++ 43 11  144 gggg 43 11
DELETE /api/v1/stars/:slug                                                      200  1++ ++++ +3 11  144 ++++ 43 11  144 gggg 43 11
POST /api/v1/skills/:slug/rename                                                200  133 33++ 3+ 11  144 33++ 4+ 11  144 33gg 4g 11
POST /api/v1/skills/:slug/merge                                                 200  133 33++ 3+ 11  144 3399 49 11  144 33gg 4g 11
POST /api/v1/skills/:slug/tags/:tag                                             200  133 3+++ 3+ 11  144 3+++ 4+ 11  144 3ggg 4g 11
DELETE /api/v1/skills/:slug/tags/:tag                                           200  133 3+++ 3+ 11  144 3+++ 4+ 11  144 3ggg 4g 11
POST /api/v1/skills/:slug/transfer                                              200  133 33++ 3+ 11  144 33++ 4+ 11  144 3399 4+ 11
POST /api/v1/skills/:slug/transfer/accept                                       200  1+4 4444 4+ 11  1+4 4444 4+ 11  194 4444 4+ 11
POST /api/v1/skills/:slug/transfer/reject                                       200  1+4 4444 4+ 11  1+4 4444 4+ 11  1+4 4444 4+ 11
POST /api/v1/skills/:slug/transfer/cancel                                       200  133 33++ 3+ 11  144 33++ 4+ 11  144 33++ 4+ 11
GET /api/v1/transfers/incoming                                                  200  1++ ++++ ++ 11
GET /api/v1/transfers/outgoing                                                  200  1++ ++++ ++ 11
POST /api/v1/publishers                                                         201  1++ 33++ +3 11
GET /api/v1/openapi.json                                                        200  +++ ++++ ++ 11
GET /api/download                                                               200  +++ ++++ ++ 11  444 ++++ 4+ 11  444 gggg 4g 11
GET /api/cli/whoami                                                             200  1++ ++++ ++ 11
POST /api/cli/telemetry/install                                                 200  +++ ++++ ++ 11
POST /api/cli/telemetry/sync                                                    200  +++ ++++ ++ 11
POST /api/cli/device/code                                                       200  +++ ++++ ++ 11
POST /api/cli/device/token                                                      ---  www wwww ww 11
POST /api/v1/skills (described)                                                 201  1++ 3+++ +3 11
`;

const INSIDE = '--- ++++ -+ --';
const ADDRESSEE = '-+- ---- -+ --';
const ALL = '+++ ++++ ++ ++';

/**
 * Answers that name a private (`dark`) or a hidden (`gone`) skill, and to whom. What is in the transparency log
 * was public when it got there.
 */
export const NAMED: Record<string, { dark?: string; gone?: string }> = {
  'GET /v1/search': { dark: INSIDE },
  'GET /log/tile/*': { dark: ALL, gone: ALL },
  'GET /api/v1/skill/search': { dark: INSIDE },
  'GET /api/skill/search': { dark: INSIDE },
  'GET /:owner/.well-known/agent-skills/index.json': { dark: INSIDE },
  'GET /:owner/.well-known/skills/index.json': { dark: INSIDE },
  'GET /api/search': { dark: INSIDE },
  'GET /api/v1/search': { dark: INSIDE },
  'GET /api/v1/skills': { dark: INSIDE },
  'GET /api/v1/trending': { dark: INSIDE },
  'GET /v1/transfers': { dark: ADDRESSEE, gone: ADDRESSEE },
  'GET /api/v1/transfers/incoming': { dark: ADDRESSEE, gone: ADDRESSEE },
  'GET /api/v1/transfers/outgoing': { dark: INSIDE, gone: INSIDE },
};

export interface Row {
  route: string;
  success: number;
  expected: Partial<Record<Target, string>>;
}

const LETTERS = new Map([
  [400, 'b'],
  [401, '1'],
  [403, '3'],
  [404, '4'],
  [409, '9'],
  [410, 'g'],
  [428, 'w'],
]);
/** Where the groups of actors end. */
const GROUPS = [3, 7, 9];

/** Statuses, in the order of the actors, as the table writes them. */
export function spell(statuses: readonly number[], success: number): string {
  if (statuses.length !== ACTORS.length) throw new Error(`${statuses.length} answers for ${ACTORS.length} actors`);
  const letter = (status: number) =>
    status === success ? '+' : (LETTERS.get(status) ?? (status === 0 ? '-' : `<${status}>`));
  return statuses.map((status, at) => `${GROUPS.includes(at) ? ' ' : ''}${letter(status)}`).join('');
}

const LINE = /^(\S+ \S+(?: \(described\))?) +(\d{3}|---)((?: {2}\S{3} \S{4} \S\S \S\S)+)$/;

/** The table, read. */
export const MATRIX: Row[] = TABLE.trim()
  .split('\n')
  .map((line) => {
    const [, route, success, cells] = LINE.exec(line) ?? [];
    if (route === undefined || cells === undefined) throw new Error(`the matrix has a line that says nothing: ${line}`);
    const [open = '', dark, gone] = cells.trim().split('  ');
    const expected =
      dark === undefined || gone === undefined ? { public: open } : { public: open, private: dark, hidden: gone };
    return { route, success: Number(success), expected };
  });
