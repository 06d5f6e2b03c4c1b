import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../../core/deps.ts';
import { authority } from '../../../core/signing/authority.ts';
import { issueCertificate } from '../../../core/signing/issue-certificate.ts';
import { revokeCertificate } from '../../../core/signing/revoke-certificate.ts';
import { requireKey } from '../../kit/auth.ts';
import { binary, json, problems } from '../../kit/openapi.ts';
import { readBody } from '../../kit/read-body.ts';
import type { V1App } from '../app.ts';
import { certificateSchema, problemSchema } from '../schemas.ts';

const MOST_REQUEST_BYTES = 16 * 1024;
const PEM_TYPE = 'application/x-pem-file';

const common = { tags: ['Signing'], security: [{ key: [] }], middleware: requireKey };
const params = z.object({ namespace: z.string() });

const issueRoute = createRoute({
  ...common,
  method: 'post',
  path: '/namespaces/{namespace}/cert',
  summary: 'Get a certificate for the key that a namespace signs with',
  description:
    'The body is a PKCS#10 request in PEM: the common name (and the alternative name, if there is one) is the namespace, the key is RSA of 2048 bits or more, the signature sha256WithRSAEncryption. At most five in 24 hours, one valid at a time. Needs `admin`.',
  request: { params, body: { required: true, content: { 'text/plain': { schema: { type: 'string' } } } } },
  responses: {
    200: json(certificateSchema, 'Valid for 90 days; both are signed with RSASSA-PSS.'),
    ...problems(problemSchema, 400, 401, 403, 404, 409, 413, 422, 429, 503),
  },
});

const revokeRoute = createRoute({
  ...common,
  method: 'delete',
  path: '/namespaces/{namespace}/cert',
  summary: 'Revoke the certificate of a namespace',
  description: 'What was published with it stays. Needs `admin`.',
  request: { params },
  responses: { 204: { description: 'Revoked.' }, ...problems(problemSchema, 401, 403, 404) },
});

const authorityRoute = createRoute({
  method: 'get',
  path: '/ca.pem',
  tags: ['Signing'],
  summary: "The certificate of the registry's authority",
  responses: {
    200: binary('PEM; its key is the current one of /v1/keys/registry.', PEM_TYPE),
    ...problems(problemSchema, 503),
  },
});

export function certificateEndpoints(app: V1App, deps: Deps): void {
  app.openapi(issueRoute, async (c) => {
    const { namespace } = c.req.valid('param');
    const request = new TextDecoder().decode(await readBody(deps, c.req.raw, MOST_REQUEST_BYTES));
    const issued = await issueCertificate(deps, c.get('actor'), { namespace, request });
    return c.json({ cert: issued.certificate, ca_cert: issued.authority }, 200, { 'Cache-Control': 'no-store' });
  });
  app.openapi(revokeRoute, async (c) => {
    await revokeCertificate(deps, c.get('actor'), c.req.valid('param').namespace);
    return c.body(null, 204);
  });
  app.openapi(authorityRoute, async (c) => {
    const { pem } = await authority(deps);
    return c.body(pem, 200, { 'Content-Type': PEM_TYPE, 'Cache-Control': 'public, max-age=30' });
  });
}
