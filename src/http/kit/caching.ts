import type { Context } from 'hono';
import { keepInMemory } from './read-cache.ts';
import type { HubEnv } from './types.ts';

export interface Cacheability {
  /** False for whatever not everybody may see. */
  public: boolean;
  /** True when the URL names a version and the answer says nothing but what is in its files, so that it never changes. */
  pinned: boolean;
  tags: string[];
  etag?: string;
}

/** Seconds for which an answer about "latest", a range or a search may be reused without asking. */
const SHORT_SECONDS = 30;

/** Says who may keep the answer and for how long. An answer to somebody with a key never enters a shared cache. */
export function setCaching(c: Context<HubEnv>, caching: Cacheability): void {
  if (caching.etag) c.header('ETag', `"${caching.etag}"`);
  c.header('Vary', 'Authorization');
  if (!caching.public || c.req.header('authorization') !== undefined) {
    c.header('Cache-Control', 'private, no-cache');
    return;
  }
  c.header(
    'Cache-Control',
    caching.pinned ? 'public, max-age=31536000, immutable' : `public, max-age=${SHORT_SECONDS}`,
  );
  keepInMemory(c.req.raw, caching.tags);
}
