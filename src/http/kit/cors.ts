import type { MiddlewareHandler } from 'hono';
import { cors } from 'hono/cors';
import { RATE_HEADERS } from './rate-limit.ts';

/**
 * Lets pages of every origin ask. Preflights are answered by Hono's own middleware; for any other request it would make an
 * empty answer first and copy its headers into the real one, which a read notices, so here they are set on that itself.
 *
 * @param options as Hono takes them; `exposeHeaders` come beside those of the rate limits
 */
export function openToAll(
  options: { allowMethods?: string[]; exposeHeaders?: string[]; maxAge?: number } = {},
): MiddlewareHandler {
  const exposeHeaders = [...(options.exposeHeaders ?? []), ...RATE_HEADERS];
  const preflight = cors({ ...options, origin: '*', exposeHeaders });
  const exposed = exposeHeaders.join(',');
  return async (c, next) => {
    if (c.req.method === 'OPTIONS') return preflight(c, next);
    await next();
    const { headers } = c.res;
    headers.set('Access-Control-Allow-Origin', '*');
    headers.set('Access-Control-Expose-Headers', exposed);
  };
}
