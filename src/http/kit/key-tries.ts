import { hashSecret } from '../../core/accounts/secrets.ts';
import type { Clock, RateVerdict } from '../../core/deps.ts';

/** About 2 MB of digests at worst. */
export const MAX_GOOD_KEYS = 10_000;
/** As many addresses as a limiter in memory counts. */
const MAX_PLACES = 100_000;
/** Bad keys a minute from one place that are looked up; fewer where an address may send fewer requests. */
export const MAX_BAD_KEYS = 100;
/** How often a place that is barred may try a key that nobody knows here. */
export const STRANGER_EVERY_MS = 1_000;

interface Tries {
  bad: number;
  /** On the address, when the last bad key came. */
  verdict: RateVerdict;
  /** From when on the next unknown key is looked up, though the place is barred. */
  nextAt: number;
}

/**
 * What one instance remembers of the keys that were tried, so that a flood of bad ones is stopped without asking the
 * database for each: how many came from where in this minute, and which keys were good, which go on from there too. One
 * stranger a second goes on as well: else whoever shares an address with the flood would never get in.
 */
export class KeyTries {
  readonly #clock: Clock;
  readonly #places = new Map<string, Tries>();
  /** When the minute ends that `#places` is about. */
  #end = 0;
  readonly #good = new Set<string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The verdict on a key that comes from where too many bad ones came in this minute.
   *
   * @param token absent where the headers hold nothing that could be a key
   */
  async refusal(place: string, token: string | undefined): Promise<RateVerdict | undefined> {
    const tries = this.#places.get(place);
    if (tries === undefined || !isBarred(tries) || this.#end <= this.#clock.now()) return undefined;
    if (token !== undefined && this.#good.has(await hashSecret(token))) return undefined;
    const now = this.#clock.now();
    if (tries.nextAt > now) return { ...tries.verdict, allowed: false };
    tries.nextAt = now + STRANGER_EVERY_MS;
    return undefined;
  }

  /** @param verdict of the address that it came from, this try included; where there is no limit, nothing is counted */
  async wasBad(place: string, token: string | undefined, verdict: RateVerdict): Promise<void> {
    if (token !== undefined && this.#good.size > 0) this.#good.delete(await hashSecret(token));
    if (verdict.limit === undefined) return;
    if (verdict.resetAt > this.#end) {
      this.#places.clear();
      this.#end = verdict.resetAt;
    }
    const nextAt = this.#clock.now() + STRANGER_EVERY_MS;
    const before = this.#places.get(place) ?? { bad: 0, verdict, nextAt };
    const tries = { ...before, bad: before.bad + 1, verdict };
    if (isBarred(tries) && !isBarred(before)) tries.nextAt = nextAt;
    if (before.bad === 0 && this.#places.size >= MAX_PLACES) dropFirst(this.#places.keys(), this.#places);
    this.#places.set(place, tries);
  }

  async wasGood(token: string): Promise<void> {
    const hash = await hashSecret(token);
    this.#good.delete(hash);
    this.#good.add(hash);
    if (this.#good.size > MAX_GOOD_KEYS) dropFirst(this.#good.keys(), this.#good);
  }
}

function isBarred({ bad, verdict }: Tries): boolean {
  return bad > Math.min(verdict.limit ?? MAX_BAD_KEYS, MAX_BAD_KEYS);
}

/** The one that came first. */
function dropFirst(keys: Iterable<string>, from: { delete(key: string): boolean }): void {
  for (const first of keys) {
    from.delete(first);
    return;
  }
}
