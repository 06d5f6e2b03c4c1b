import type { Clock, RateLimiter, RateLimits, RateVerdict } from '../core/deps.ts';

export const WINDOW_MS = 60_000;

/** About 10 MB of counters at worst. */
const MAX_SUBJECTS = 100_000;

/** What a limiter says where the operator set no limit. */
export const NO_LIMIT: RateVerdict = Object.freeze({ allowed: true, resetAt: 0 });

/**
 * Counts in this instance's memory, in windows that begin with the minutes of the clock. With too many subjects in one
 * window, the one seen first begins anew.
 */
export function memoryLimiter(
  { clock, limits }: { clock: Clock; limits: RateLimits },
  maxSubjects = MAX_SUBJECTS,
): RateLimiter {
  const counts = new Map<string, number>();
  let window = 0;
  return {
    take(kind, { by, id }) {
      const limit = limits[kind][by];
      if (limit === undefined) return NO_LIMIT;
      const current = Math.floor(clock.now() / WINDOW_MS);
      if (current !== window) {
        window = current;
        counts.clear();
      }
      const subject = `${kind} ${by} ${id}`;
      const before = counts.get(subject);
      if (before === undefined && counts.size >= maxSubjects) dropFirst(counts);
      const used = (before ?? 0) + 1;
      counts.set(subject, used);
      return {
        allowed: used <= limit,
        limit,
        remaining: Math.max(0, limit - used),
        resetAt: (window + 1) * WINDOW_MS,
      };
    },
  };
}

function dropFirst(counts: Map<string, number>): void {
  for (const first of counts.keys()) {
    counts.delete(first);
    return;
  }
}
