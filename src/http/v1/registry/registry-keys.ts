import { createRoute } from '@hono/zod-openapi';
import { exportJWK, importSPKI } from 'jose';
import type { Deps } from '../../../core/deps.ts';
import { publicKeys, type ShownKey } from '../../../core/signing/public-keys.ts';
import { formatVerifierKey } from '../../../format/tlog/verifier-key.ts';
import { json } from '../../kit/openapi.ts';
import type { V1App } from '../app.ts';
import { registryKeysSchema } from '../schemas.ts';
import { isoTime } from '../wire.ts';

const route = createRoute({
  method: 'get',
  path: '/keys/registry',
  tags: ['Reading'],
  summary: "The registry's public keys",
  responses: { 200: json(registryKeysSchema, 'As JWK Set and PEM; `current` signs new versions.') },
});

export function registryKeysEndpoint(app: V1App, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { current, keys } = await publicKeys(deps);
    return c.json({ current, keys: await Promise.all(keys.map(toWire)), log: await logKey(deps) }, 200, {
      'Cache-Control': 'public, max-age=30',
    });
  });
}

async function logKey({ logSigner }: Pick<Deps, 'logSigner'>) {
  const key = await logSigner?.key();
  return key && { name: key.name, key: formatVerifierKey(key) };
}

async function toWire({ id, pem, successor, revoked }: ShownKey) {
  const { n = '', e = '' } = await exportJWK(await importSPKI(pem, 'RS256', { extractable: true }));
  return {
    kid: id,
    kty: 'RSA',
    n,
    e,
    alg: 'RS256' as const,
    use: 'sig' as const,
    pem,
    successor: successor && wireSuccessor(successor),
    revoked: revoked && { at: isoTime(revoked.at), reason: revoked.reason },
  };
}

function wireSuccessor({ id, signature }: { id: string; signature: Uint8Array }) {
  return { kid: id, signature: btoa(String.fromCharCode(...signature)) };
}
