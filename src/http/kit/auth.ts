import type { MiddlewareHandler } from 'hono';
import { authorize } from '../../core/accounts/actor.ts';
import { authenticate } from '../../core/accounts/authenticate.ts';
import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { hubOrigin } from './origin.ts';
import { admit } from './rate-meter.ts';
import type { HubEnv } from './types.ts';

/**
 * Puts the actor behind `Authorization: Bearer` into the context, once the request was counted for it; nobody's request
 * has the anonymous actor.
 */
export function identify(deps: Pick<Deps, 'db' | 'clock' | 'settings'>): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    const header = c.req.header('authorization');
    const find =
      header === undefined
        ? undefined
        : async () => authenticate(deps, bearerToken(header), hubOrigin(c, deps.settings));
    c.set('actor', await admit(c.env.meter, find));
    await next();
  };
}

/** Refuses the anonymous before the request's body or parameters are looked at. */
export const requireKey: MiddlewareHandler<HubEnv> = async (c, next) => {
  const actor = c.get('actor');
  if (actor.kind === 'anonymous') authorize(actor, 'read', '');
  await next();
};

function bearerToken(header: string): string {
  const [, token] = /^Bearer +(\S+)$/i.exec(header.trim()) ?? [];
  if (token === undefined) {
    throw new Problem('unauthorized', 'The Authorization header is not of the form "Bearer <key>".', {
      fix: 'Send "Authorization: Bearer <key>".',
    });
  }
  return token;
}
