import type { Clock, ReadCache } from '../../core/deps.ts';

export interface CachedResponse {
  /** Ready to be handed to `new Response`; shared by every answer made of it. */
  init: { status: 200; headers: Headers };
  etag: string;
  body: ArrayBuffer;
  /** The version that the answer is a download of, if it is one. */
  versionId?: string;
}

interface Entry extends CachedResponse {
  tags: string[];
  until: number;
}

export interface ResponseCacheOptions {
  /** How long an answer may be served after it was built; what this instance changes itself is forgotten at once. */
  lifetimeMs: number;
  maxBytes: number;
  maxEntryBytes: number;
}

/** About what an entry takes beside its body: the URL, the headers and the map. Many small answers fill memory too. */
const ENTRY_BYTES = 1024;

/** Whole answers in memory; when full, the oldest go first. */
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

  get(key: string): CachedResponse | undefined {
    const entry = this.#entries.get(key);
    if (entry && entry.until <= this.#clock.now()) {
      this.#remove(key, entry);
      return undefined;
    }
    return entry;
  }

  put(key: string, response: CachedResponse, tags: string[]): void {
    const replaced = this.#entries.get(key);
    if (replaced) this.#remove(key, replaced);
    this.#entries.set(key, { ...response, tags, until: this.#clock.now() + this.options.lifetimeMs });
    this.#bytes += sizeOf(key, response);
    for (const [oldest, entry] of this.#entries) {
      if (this.#bytes <= this.options.maxBytes) break;
      this.#remove(oldest, entry);
    }
  }

  forget(tags: string[]): void {
    this.generation++;
    for (const [key, entry] of this.#entries) {
      if (entry.tags.some((tag) => tags.includes(tag))) this.#remove(key, entry);
    }
  }

  #remove(key: string, entry: Entry): void {
    this.#bytes -= sizeOf(key, entry);
    this.#entries.delete(key);
  }
}

function sizeOf(key: string, { body }: CachedResponse): number {
  return body.byteLength + key.length + ENTRY_BYTES;
}
