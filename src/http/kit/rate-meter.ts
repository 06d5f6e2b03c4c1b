import { type Actor, ANONYMOUS } from '../../core/accounts/actor.ts';
import type { Clock, RateKind, RateLimiter, RateSubject, RateVerdict } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import type { KeyTries } from './key-tries.ts';

/** Counts a request once, whoever asks first, and refuses it whenever it is asked about. */
export interface Meter {
  /** @throws Problem `rate_limited` */
  charge(by: RateSubject['by'], id?: string): Promise<void>;
  /**
   * Passes for a key that may be looked up.
   *
   * @throws Problem `rate_limited` where too many bad ones came from the same address
   */
  requireTry(token: string | undefined): Promise<void>;
  /** Charges the address for a bad key. @throws Problem `rate_limited` */
  chargeBadKey(token: string | undefined): Promise<void>;
  noteGoodKey(token: string): Promise<void>;
}

/** For requests that count nowhere. */
export const UNCOUNTED: Meter = {
  charge: async () => undefined,
  requireTry: async () => undefined,
  chargeBadKey: async () => undefined,
  noteGoodKey: async () => undefined,
};

export class RateMeter implements Meter {
  readonly #deps: { limiter: RateLimiter; clock: Clock; tries: KeyTries };
  readonly #kind: RateKind;
  readonly #address: string;
  /** Absent until the request was counted. */
  verdict: RateVerdict | undefined;

  constructor(deps: { limiter: RateLimiter; clock: Clock; tries: KeyTries }, kind: RateKind, address: string) {
    this.#deps = deps;
    this.#kind = kind;
    this.#address = address;
  }

  /** Without a promise where the limiter needs none: answers out of memory are given at once. */
  count(by: RateSubject['by'], id = this.#address): RateVerdict | Promise<RateVerdict> {
    if (this.verdict) return this.verdict;
    const verdict = this.#deps.limiter.take(this.#kind, { by, id });
    if (!(verdict instanceof Promise)) {
      this.verdict = verdict;
      return verdict;
    }
    return verdict.then((told) => {
      this.verdict = told;
      return told;
    });
  }

  async charge(by: RateSubject['by'], id?: string): Promise<void> {
    this.#require(await this.count(by, id), by);
  }

  async requireTry(token: string | undefined): Promise<void> {
    const refusal = await this.#deps.tries.refusal(this.#place, token);
    if (!refusal) return;
    this.verdict = refusal;
    this.#require(refusal, 'address');
  }

  async chargeBadKey(token: string | undefined): Promise<void> {
    const verdict = await this.count('address');
    await this.#deps.tries.wasBad(this.#place, token, verdict);
    this.#require(verdict, 'address');
  }

  noteGoodKey(token: string): Promise<void> {
    return this.#deps.tries.wasGood(token);
  }

  get #place(): string {
    return `${this.#kind} ${this.#address}`;
  }

  #require({ allowed, resetAt }: RateVerdict, by: RateSubject['by']): void {
    if (allowed) return;
    throw new Problem('rate_limited', 'Rate limit exceeded.', {
      fix:
        this.#kind === 'account' || by === 'key' ? 'Send fewer requests.' : 'Send fewer requests, or a key with them.',
      retryAfter: secondsUntil(resetAt, this.#deps.clock),
    });
  }
}

/** Whole seconds until then, at least one. */
export function secondsUntil(time: number, clock: Clock): number {
  return Math.max(1, Math.ceil((time - clock.now()) / 1000));
}

/** A key as it was sent, and what makes an actor of it. */
export interface PresentedKey {
  /** The credential itself, without the headers around it; absent where they hold none. */
  token: string | undefined;
  /** @throws Problem for one that is not good, and where there is none */
  find: () => Promise<Actor>;
}

/**
 * The actor behind a key, once the request was counted for it. One with a key that is not good counts for its address, so
 * that nobody guesses for long, and that the database is not asked for each guess of a flood.
 *
 * @param key absent for requests without one
 * @throws Problem `rate_limited`, and whatever `find` throws
 */
export async function admit(meter: Meter, key?: PresentedKey): Promise<Actor> {
  const actor = key === undefined ? ANONYMOUS : await known(meter, key);
  if (actor.kind === 'anonymous') await meter.charge('address');
  else await meter.charge('key', actor.kind === 'key' ? actor.keyId : 'operator');
  return actor;
}

async function known(meter: Meter, { token, find }: PresentedKey): Promise<Actor> {
  await meter.requireTry(token);
  let actor: Actor;
  try {
    actor = await find();
  } catch (error) {
    if (error instanceof Problem) await meter.chargeBadKey(token);
    throw error;
  }
  if (token !== undefined) await meter.noteGoodKey(token);
  return actor;
}
