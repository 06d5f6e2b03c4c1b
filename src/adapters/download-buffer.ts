import type { Deps, DownloadCounter, DownloadMark } from '../core/deps.ts';

const DAY_MS = 24 * 60 * 60_000;
const PURPOSE = 'skills-hub:download-mark';
/** Enough of the hash to tell the clients of a day apart. */
const HASH_BYTES = 16;

export const DOWNLOAD_BUFFER = {
  /** A message of these stays far below the 128 KB that a queue of Cloudflare takes. */
  marksPerMessage: 500,
  maxMarks: 10_000,
  waitMs: 5_000,
  /** A flush that has not come about by then was cancelled together with the request that it was waited for in. */
  lostAfterMs: 60_000,
};

type BufferDeps = Pick<Deps, 'queue' | 'clock' | 'sleep' | 'random' | 'log'> & { settings: { sessionKey: string } };
type Noted = { day: number; versionId: string; client: string };

/**
 * Downloads in this instance's memory, each client once per version and day, until the queue has them. What was noted
 * in the last seconds of an instance is lost with it; a queue that refuses gets the marks again with the next flush.
 */
export class DownloadBuffer implements DownloadCounter {
  readonly #deps: BufferDeps;
  #noted = new Map<string, Noted>();
  #dropped = 0;
  #refused = false;
  #waitingSince: number | undefined;
  #key: { day: number; key: CryptoKey } | undefined;

  constructor(deps: BufferDeps) {
    this.#deps = deps;
  }

  note(versionId: string, client: string): void {
    const day = Math.floor(this.#deps.clock.now() / DAY_MS);
    const noted = { day, versionId, client };
    this.#noted.set(keyOf(noted), noted);
    if (this.#noted.size > DOWNLOAD_BUFFER.maxMarks) this.#dropOldest();
  }

  /** What has to be kept running after a request: the wait for the next flush and the flush, if nobody else waits. */
  due(): Promise<void> | undefined {
    if (this.#noted.size === 0) return undefined;
    if (this.#noted.size >= DOWNLOAD_BUFFER.marksPerMessage && !this.#refused) return this.flush();
    const now = this.#deps.clock.now();
    const waiting = this.#waitingSince !== undefined && now - this.#waitingSince < DOWNLOAD_BUFFER.lostAfterMs;
    if (waiting) return undefined;
    this.#waitingSince = now;
    return this.#flushLater();
  }

  async flush(): Promise<void> {
    const batches = batchesOf([...this.#noted.values()]);
    this.#noted = new Map();
    for (const [at, batch] of batches.entries()) {
      try {
        await this.#send(batch);
        this.#refused = false;
      } catch (error) {
        this.#keep(batches.slice(at).flat(), error);
        break;
      }
    }
    this.#logDropped();
  }

  async #flushLater(): Promise<void> {
    await this.#deps.sleep(DOWNLOAD_BUFFER.waitMs);
    this.#waitingSince = undefined;
    await this.flush();
  }

  async #send(batch: Noted[]): Promise<void> {
    const { queue, random } = this.#deps;
    const day = batch[0]?.day ?? 0;
    const key = await this.#keyOf(day);
    const marks = await Promise.all(batch.map((noted) => markOf(noted, key)));
    await queue.send({ type: 'downloads', batchId: random.id(), day, marks });
  }

  /** Puts marks back before those that were noted since. */
  #keep(marks: Noted[], error: unknown): void {
    const since = this.#noted;
    this.#noted = new Map([...marks.map((noted) => [keyOf(noted), noted] as const), ...since]);
    while (this.#noted.size > DOWNLOAD_BUFFER.maxMarks) this.#dropOldest();
    this.#refused = true;
    const cause = error instanceof Error ? error.message : 'unknown';
    this.#deps.log.error('downloads.kept', { marks: this.#noted.size, cause });
  }

  #dropOldest(): void {
    const [oldest] = this.#noted.keys();
    if (oldest !== undefined && this.#noted.delete(oldest)) this.#dropped++;
  }

  #logDropped(): void {
    if (this.#dropped > 0) this.#deps.log.error('downloads.dropped', { marks: this.#dropped });
    this.#dropped = 0;
  }

  /** By HKDF (RFC 5869) from the session key, for this purpose and day alone: the same client is another one tomorrow. */
  async #keyOf(day: number): Promise<CryptoKey> {
    if (this.#key?.day === day) return this.#key.key;
    const { sessionKey } = this.#deps.settings;
    const secret = await crypto.subtle.importKey('raw', utf8(sessionKey), 'HKDF', false, ['deriveKey']);
    const purpose = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: utf8(`${PURPOSE} ${day}`) };
    const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 };
    const key = await crypto.subtle.deriveKey(purpose, secret, hmac, false, ['sign']);
    this.#key = { day, key };
    return key;
  }
}

/** Of one day each, as a message has to be; noted in order, so days do not mix. */
function batchesOf(all: Noted[]): Noted[][] {
  const batches: Noted[][] = [];
  for (const noted of all) {
    const last = batches.at(-1);
    const fits = last && last.length < DOWNLOAD_BUFFER.marksPerMessage && last[0]?.day === noted.day;
    if (fits) last.push(noted);
    else batches.push([noted]);
  }
  return batches;
}

async function markOf({ versionId, client }: Noted, key: CryptoKey): Promise<DownloadMark> {
  const hash = new Uint8Array(await crypto.subtle.sign('HMAC', key, utf8(client)));
  const hex = Array.from(hash.subarray(0, HASH_BYTES), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { versionId, client: hex };
}

function keyOf({ day, versionId, client }: Noted): string {
  return `${day} ${versionId} ${client}`;
}

const encoder = new TextEncoder();
const utf8 = (text: string) => encoder.encode(text);
