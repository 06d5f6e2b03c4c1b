import { type Actor, ANONYMOUS } from '../../core/accounts/actor.ts';
import type { Clock, RateKind, RateLimiter, RateSubject, RateVerdict } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';

/** Counts a request once, whoever asks first, and refuses it whenever it is asked about. */
export interface Meter {
  /** @throws Problem `rate_limited` */
  charge(by: RateSubject['by'], id?: string): Promise<void>;
}

/** For requests that count nowhere. */
export const UNCOUNTED: Meter = { charge: async () => undefined };

export class RateMeter implements Meter {
  readonly #deps: { limiter: RateLimiter; clock: Clock };
  readonly #kind: RateKind;
  readonly #address: string;
  /** Absent until the request was counted. */
  verdict: RateVerdict | undefined;

  constructor(deps: { limiter: RateLimiter; clock: Clock }, kind: RateKind, address: string) {
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
    const { allowed, resetAt } = await this.count(by, id);
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

/**
 * The actor that `find` makes of a key, once the request was counted for it. One with a key that is not good counts for
 * its address, so that nobody guesses for long.
 *
 * @param find absent for requests without a key
 * @throws Problem `rate_limited`, and whatever `find` throws
 */
export async function admit(meter: Meter, find?: () => Promise<Actor>): Promise<Actor> {
  let actor: Actor = ANONYMOUS;
  try {
    if (find) actor = await find();
  } catch (error) {
    if (error instanceof Problem) await meter.charge('address');
    throw error;
  }
  if (actor.kind === 'anonymous') await meter.charge('address');
  else await meter.charge('key', actor.kind === 'key' ? actor.keyId : 'operator');
  return actor;
}
