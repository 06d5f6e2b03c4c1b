import { and, eq, isNull } from 'drizzle-orm';
import { accessTokens } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import type { Actor } from './actor.ts';

/**
 * Ends the signed token that the actor came with.
 *
 * @throws Problem `unauthorized` for nobody, `invalid_request` for whoever came with an API key
 */
export async function revokeToken(deps: Pick<Deps, 'db' | 'clock' | 'log'>, actor: Actor): Promise<void> {
  if (actor.kind === 'anonymous') {
    throw new Problem('unauthorized', 'No token was sent.', { fix: 'Send it as "Authorization: Bearer <token>".' });
  }
  if (actor.kind === 'operator' || actor.tokenId === undefined) {
    throw new Problem('invalid_request', 'This is an API key, not a token.', {
      fix: 'Send the token; a key is revoked with DELETE /v1/keys/{id}.',
    });
  }
  await deps.db
    .update(accessTokens)
    .set({ revokedAt: deps.clock.now() })
    .where(and(eq(accessTokens.id, actor.tokenId), isNull(accessTokens.revokedAt)));
  deps.log.info('token.revoked', { namespace: actor.namespace, tokenId: actor.tokenId });
}
