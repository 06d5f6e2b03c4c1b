import { eq } from 'drizzle-orm';
import { SignJWT } from 'jose';
import { accessTokens, namespaces, SCOPES, type Scope } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { type Actor, authorize, holds } from './actor.ts';
import { spendLoginCode } from './spend-login-code.ts';
import { currentTokenKey, TOKEN_ALGORITHM, TOKEN_TYPE } from './token-keys.ts';

/** Seconds that a token lives. */
export const TOKEN_SECONDS = { default: 3_600, max: 86_400 };
/** What a token may do unless more or less is asked for, as far as its key may. */
const DEFAULT_SCOPES: Scope[] = ['read', 'publish'];

export interface TokenRequest {
  scopes?: Scope[];
  /** 1 to `TOKEN_SECONDS.max`. */
  seconds?: number;
  /** The hub's origin: issuer and audience of the token. */
  origin: string;
}

export interface IssuedToken {
  /** A JWT. It is not stored and cannot be shown again. */
  token: string;
  scopes: Scope[];
  /** Seconds. */
  expiresIn: number;
  /** Milliseconds since the epoch. */
  expiresAt: number;
}

type TokenDeps = Pick<Deps, 'db' | 'clock' | 'random' | 'settings' | 'log'>;

/**
 * A signed token that stands for an API key for a short while. It ends with its time, when it is revoked, and with
 * the key.
 *
 * @throws Problem `unauthorized`, `forbidden` for a scope that the key lacks, for an operator, and for one who came with such a
 * token: it would never run out
 */
export async function issueToken(deps: TokenDeps, actor: Actor, request: TokenRequest): Promise<IssuedToken> {
  if (actor.kind === 'operator') {
    throw new Problem('forbidden', 'Tokens are issued to keys of a namespace, and the operator has none.', {
      fix: 'Use a key of a namespace.',
    });
  }
  if (actor.kind === 'anonymous') throw needsKey();
  if (actor.tokenId !== undefined) {
    throw new Problem('forbidden', 'A token is issued for an API key or a login code, not for another token.', {
      fix: 'Send the API key.',
    });
  }
  for (const scope of request.scopes ?? []) authorize(actor, scope, actor.namespace);
  const scopes = request.scopes ?? DEFAULT_SCOPES.filter((scope) => holds(actor.scopes, scope));
  const holder = { namespace: actor.namespace, keyId: actor.keyId, scopes };
  return sign(deps, holder, { ...request, seconds: secondsWithin(deps, actor.expiresAt, request.seconds) });
}

/**
 * The same for a code that was mailed to the owner of a namespace, who may have every scope. The code is used up.
 *
 * @throws Problem `unauthorized` as `spendLoginCode` does
 */
export async function issueTokenForCode(
  deps: TokenDeps,
  login: { namespace: string; code: string },
  request: TokenRequest,
): Promise<IssuedToken> {
  await spendLoginCode(deps, login);
  const scopes = request.scopes ?? DEFAULT_SCOPES;
  return sign(deps, { namespace: login.namespace, keyId: null, scopes }, request);
}

/** A token says of itself that it ends with its key, if not before. */
function secondsWithin(
  { clock }: Pick<Deps, 'clock'>,
  keyEnds: number | undefined,
  seconds: number = TOKEN_SECONDS.default,
): number {
  if (keyEnds === undefined) return seconds;
  return Math.max(1, Math.min(seconds, Math.floor((keyEnds - clock.now()) / 1000)));
}

async function sign(
  deps: TokenDeps,
  holder: { namespace: string; keyId: string | null; scopes: Scope[] },
  { origin, seconds = TOKEN_SECONDS.default }: TokenRequest,
): Promise<IssuedToken> {
  const { namespace } = holder;
  const [owner] = await deps.db.select().from(namespaces).where(eq(namespaces.slug, namespace));
  if (!owner) throw new Error(`the namespace ${namespace} of a key has no row`);
  const scopes = SCOPES.filter((scope) => holder.scopes.includes(scope));
  const id = deps.random.id();
  const issuedAt = Math.floor(deps.clock.now() / 1000);
  const expiresAt = issuedAt + seconds;
  const { kid, key } = await currentTokenKey(deps.settings);
  const token = await new SignJWT({ name: owner.displayName ?? namespace, email: owner.email, scope: scopes.join(' ') })
    .setProtectedHeader({ alg: TOKEN_ALGORITHM, typ: TOKEN_TYPE, kid })
    .setSubject(namespace)
    .setIssuer(origin)
    .setAudience(origin)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .setJti(id)
    .sign(key);
  const row = { ...holder, id, scopes, createdAt: deps.clock.now(), expiresAt: expiresAt * 1000 };
  await deps.db.insert(accessTokens).values(row);
  deps.log.info('token.issued', { namespace, tokenId: id });
  return { token, scopes, expiresIn: seconds, expiresAt: expiresAt * 1000 };
}

function needsKey(): Problem {
  return new Problem('unauthorized', 'A token is issued for an API key or for a login code.', {
    fix: 'Send the key as "Authorization: Bearer <key>", or namespace and otp in the body.',
  });
}
