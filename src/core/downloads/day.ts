const DAY_MS = 24 * 60 * 60_000;

/** How many days, today included, `skills.trending` sums up. */
export const TREND_DAYS = 7;

/** The day of a time in milliseconds, in UTC days since the epoch: what `download_marks` and `download_days` count in. */
export function dayOf(milliseconds: number): number {
  return Math.floor(milliseconds / DAY_MS);
}

/** Such a day as `YYYY-MM-DD`. */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
