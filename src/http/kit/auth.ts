import type { Context, MiddlewareHandler } from 'hono';
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
  const actorBehind = async (c: Context<HubEnv>, token: string | undefined) =>
    authenticate(deps, token ?? noToken(), hubOrigin(c, deps.settings));
  return async (c, next) => {
    const header = c.req.header('authorization');
    const token = header === undefined ? undefined : bearerToken(header);
    const key = header === undefined ? undefined : { token, find: () => actorBehind(c, token) };
    c.set('actor', await admit(c.env.meter, key));
    await next();
  };
}

/** Refuses the anonymous before the request's body or parameters are looked at. */
export const requireKey: MiddlewareHandler<HubEnv> = async (c, next) => {
  const actor = c.get('actor');
  if (actor.kind === 'anonymous') authorize(actor, 'read', '');
  await next();
};

function bearerToken(header: string): string | undefined {
  return /^Bearer +(\S+)$/i.exec(header.trim())?.[1];
}

function noToken(): never {
  throw new Problem('unauthorized', 'The Authorization header is not of the form "Bearer <key>".', {
    fix: 'Send "Authorization: Bearer <key>".',
  });
}
