import type { Context, MiddlewareHandler } from 'hono';
import { authenticate } from '../../core/accounts/authenticate.ts';
import type { Deps, SkillHubSettings } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { type Cacheability, setCaching } from '../kit/caching.ts';
import { hubOrigin } from '../kit/origin.ts';
import { admit } from '../kit/rate-meter.ts';
import type { HubEnv } from '../kit/types.ts';

/** Where clients put a key, in the order in which it is looked for; a scheme may be empty. */
function places({ authHeader, authScheme }: SkillHubSettings): { header: string; scheme: string }[] {
  return [
    { header: authHeader, scheme: authScheme.trim() },
    { header: 'Authorization', scheme: 'Bearer' },
    { header: 'X-API-Key', scheme: '' },
  ];
}

/** The headers that make a request somebody's own, in lower case. */
export function credentialHeaders(settings: SkillHubSettings): string[] {
  return [...new Set(places(settings).map(({ header }) => header.toLowerCase()))];
}

/**
 * Puts the actor behind the key into the context, once the request was counted for it; a request without any such header
 * has the anonymous actor.
 */
export function identifyHub(deps: Pick<Deps, 'db' | 'clock' | 'settings'>): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    const { headers } = c.req.raw;
    const sent = sentKey(headers, deps.settings.skillHub);
    const find = async () => authenticate(deps, sent?.token ?? noToken(sent?.header), hubOrigin(c, deps.settings));
    c.set('actor', await admit(c.env.meter, sent && { token: sent.token, find }));
    await next();
  };
}

/** The first header that a key may be in, and the first key that any of them holds. */
function sentKey(headers: Headers, settings: SkillHubSettings) {
  const sent = places(settings).flatMap(({ header, scheme }) => {
    const value = headers.get(header);
    return value === null ? [] : [{ header, token: withoutScheme(value.trim(), scheme) }];
  });
  const [first] = sent;
  return first && { header: first.header, token: sent.find(({ token }) => token !== undefined)?.token };
}

function noToken(header = 'Authorization'): never {
  throw new Problem('unauthorized', `The header ${header} holds no API key.`, {
    fix: 'Send "Authorization: Bearer <key>" or "X-API-Key: <key>".',
  });
}

function withoutScheme(value: string, scheme: string): string | undefined {
  if (scheme === '') return /^\S+$/.test(value) ? value : undefined;
  if (!value.toLowerCase().startsWith(`${scheme.toLowerCase()} `)) return undefined;
  const token = value.slice(scheme.length).trim();
  return /^\S+$/.test(token) ? token : undefined;
}

/** As `setCaching`; what somebody with a key is told is theirs alone, in whichever header the key came. */
export function setHubCaching(c: Context<HubEnv>, settings: SkillHubSettings, caching: Cacheability): void {
  setCaching(c, { ...caching, public: caching.public && c.get('actor').kind === 'anonymous' });
  c.header('Vary', credentialHeaders(settings).join(', '));
}
