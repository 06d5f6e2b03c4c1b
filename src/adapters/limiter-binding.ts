import {
  type Clock,
  type Log,
  RATE_KINDS,
  type RateKind,
  type RateLimiter,
  type RateLimits,
  type RateSubject,
} from '../core/deps.ts';
import { NO_LIMIT, WINDOW_MS } from './limiter-memory.ts';

type By = RateSubject['by'];

/** A rate limit binding of Cloudflare's for each kind and subject that `wrangler.toml` has one for. */
export type LimitBindings = Map<`${RateKind} ${By}`, RateLimit>;

/** The bindings in the environment, which are called `LIMIT_<KIND>_<SUBJECT>`, such as `LIMIT_READ_ADDRESS`. */
export function limitBindings(env: Record<string, unknown>): LimitBindings {
  const bindings: LimitBindings = new Map();
  for (const kind of RATE_KINDS) {
    for (const by of ['address', 'key'] as const) {
      const binding = env[`LIMIT_${kind}_${by}`.toUpperCase()];
      if (isRateLimit(binding)) bindings.set(`${kind} ${by}`, binding);
    }
  }
  return bindings;
}

/**
 * Counts by the platform, which answers with yes or no only: the number comes from `limits`, what remains is not told,
 * and the window is taken to be the clock's minute. A kind without a binding is left to `otherwise`.
 */
export function bindingLimiter(deps: {
  bindings: LimitBindings;
  limits: RateLimits;
  otherwise: RateLimiter;
  clock: Clock;
  log: Log;
}): RateLimiter {
  const { bindings, limits, otherwise, clock, log } = deps;
  return {
    take(kind, subject) {
      const limit = limits[kind][subject.by];
      if (limit === undefined) return NO_LIMIT;
      const binding = bindings.get(`${kind} ${subject.by}`);
      if (!binding) return otherwise.take(kind, subject);
      const resetAt = (Math.floor(clock.now() / WINDOW_MS) + 1) * WINDOW_MS;
      return isWithin(binding, subject.id, (cause) =>
        log.error('limiter.failed', { kind, by: subject.by, cause }),
      ).then((allowed) => ({ allowed, limit, resetAt }));
    },
  };
}

/** A platform that cannot count lets the request pass. */
async function isWithin(binding: RateLimit, key: string, failed: (cause: string) => void): Promise<boolean> {
  try {
    return (await binding.limit({ key })).success;
  } catch (error) {
    failed(error instanceof Error ? error.message : 'unknown');
    return true;
  }
}

function isRateLimit(value: unknown): value is RateLimit {
  return typeof value === 'object' && value !== null && 'limit' in value && typeof value.limit === 'function';
}
