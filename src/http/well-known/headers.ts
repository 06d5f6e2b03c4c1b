import type { Context } from 'hono';
import { type Cacheability, setCaching } from '../kit/caching.ts';
import type { HubEnv } from '../kit/types.ts';

export function cache(c: Context<HubEnv>, caching: Cacheability | 'never'): void {
  if (caching === 'never') c.header('Cache-Control', 'private, no-store');
  else setCaching(c, caching);
}
