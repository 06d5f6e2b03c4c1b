import { eq } from 'drizzle-orm';
import { errors, type JWTHeaderParameters, type JWTPayload, jwtVerify } from 'jose';
import { accessTokens, apiKeys } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import type { Actor } from './actor.ts';
import { namesIn, ownedBy } from './owned-namespaces.ts';
import { readStanding, standingOf } from './standing.ts';
import { CLOCK_SKEW_SECONDS, findTokenKey, TOKEN_ALGORITHM, TOKEN_TYPE } from './token-keys.ts';

type VerifyDeps = Pick<Deps, 'db' | 'clock' | 'settings'>;

/** Whether a credential has the form of a signed token; API keys have no dots. */
export function looksLikeToken(credential: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(credential);
}

/**
 * The actor behind a token of `issueToken`. What it may do is what its row says.
 *
 * @param origin the hub's own, which issuer and audience have to be
 * @throws Problem `unauthorized`, without telling why
 */
export async function verifyToken(deps: VerifyDeps, token: string, origin: string): Promise<Actor & { kind: 'key' }> {
  const payload = await signedPayload(deps, token, origin);
  if (payload?.jti === undefined) throw refused();
  const [found] = await deps.db
    .select({
      row: accessTokens,
      keyRevokedAt: apiKeys.revokedAt,
      keyExpiresAt: apiKeys.expiresAt,
      owned: ownedBy(accessTokens.namespace).as('owned'),
      standing: standingOf(accessTokens.namespace).as('standing'),
    })
    .from(accessTokens)
    .leftJoin(apiKeys, eq(apiKeys.id, accessTokens.keyId))
    .where(eq(accessTokens.id, payload.jti));
  if (!found) throw refused();
  const { row, keyRevokedAt, keyExpiresAt, owned, standing } = found;
  const hasKey = keyRevokedAt === null && (keyExpiresAt === null || keyExpiresAt > deps.clock.now());
  if (row.revokedAt !== null || !hasKey || row.namespace !== payload.sub) throw refused();
  return {
    kind: 'key',
    keyId: row.keyId ?? row.id,
    tokenId: row.id,
    namespace: row.namespace,
    owned: namesIn(owned),
    scopes: row.scopes,
    expiresAt: row.expiresAt,
    ...readStanding(standing),
  };
}

async function signedPayload(deps: VerifyDeps, token: string, origin: string): Promise<JWTPayload | undefined> {
  const keyOf = async ({ kid }: JWTHeaderParameters) => {
    const found = kid === undefined ? undefined : await findTokenKey(deps.settings, kid);
    if (!found) throw new errors.JWKSNoMatchingKey();
    return found.key;
  };
  try {
    const { payload } = await jwtVerify(token, keyOf, {
      algorithms: [TOKEN_ALGORITHM],
      typ: TOKEN_TYPE,
      issuer: origin,
      audience: origin,
      requiredClaims: ['sub', 'jti', 'iat', 'exp'],
      clockTolerance: CLOCK_SKEW_SECONDS,
      currentDate: new Date(deps.clock.now()),
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

function refused(): Problem {
  return new Problem('unauthorized', 'This token is invalid, expired or revoked.', {
    fix: 'Get a new one: POST /api/v1/auth/token with an API key.',
  });
}
