import type { MiddlewareHandler } from 'hono';
import type { Clock, ReadCache } from '../../core/deps.ts';
import type { HubEnv } from './types.ts';

interface Entry {
  status: number;
  headers: [string, string][];
  body: ArrayBuffer;
  tags: string[];
  until: number;
}

export interface ResponseCacheOptions {
  /** How long an answer may be served after it was built; what this instance changes itself is forgotten at once. */
  lifetimeMs: number;
  maxBytes: number;
  maxEntryBytes: number;
}

/** Whole answers in memory, least recently used out first. */
export class ResponseCache implements ReadCache {
  readonly #entries = new Map<string, Entry>();
  readonly #clock: Clock;
  readonly options: ResponseCacheOptions;
  #bytes = 0;
  /** Counts every `forget`: an answer whose reads began before one must not be kept after it. */
  generation = 0;

  constructor(clock: Clock, options: ResponseCacheOptions) {
    this.#clock = clock;
    this.options = options;
  }

  get(key: string): Response | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    this.#entries.delete(key);
    if (entry.until <= this.#clock.now()) {
      this.#bytes -= entry.body.byteLength;
      return undefined;
    }
    this.#entries.set(key, entry);
    return new Response(entry.body, { status: entry.status, headers: entry.headers });
  }

  put(key: string, response: { status: number; headers: Headers; body: ArrayBuffer }, tags: string[]): void {
    this.#remove(key);
    const { status, headers, body } = response;
    this.#entries.set(key, { status, headers: [...headers], body, tags, until: this.#clock.now() + this.options.lifetimeMs });
    this.#bytes += body.byteLength;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.options.maxBytes) break;
      this.#remove(oldest);
    }
  }

  forget(tags: string[]): void {
    this.generation++;
    for (const [key, entry] of this.#entries) {
      if (entry.tags.some((tag) => tags.includes(tag))) this.#remove(key);
    }
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#bytes -= entry.body.byteLength;
    this.#entries.delete(key);
  }
}

/** Answers anonymous GETs from memory, and keeps the answers that an endpoint marked with `cacheTags`. */
export function readCache(cache: ResponseCache): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    const { method, headers, url } = c.req.raw;
    if (method !== 'GET' || headers.has('authorization') || headers.has('cookie') || headers.has('range')) return next();
    const known = cache.get(url);
    if (known) return known;

    const { generation } = cache;
    await next();
    const tags = c.get('cacheTags');
    const size = Number(c.res.headers.get('content-length') ?? 0);
    if (!tags || c.res.status !== 200 || size > cache.options.maxEntryBytes) return;
    const body = await c.res.arrayBuffer();
    c.res = new Response(body, c.res);
    if (body.byteLength <= cache.options.maxEntryBytes && generation === cache.generation) {
      cache.put(url, { status: 200, headers: c.res.headers, body }, tags);
    }
  };
}
