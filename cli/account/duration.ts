import { usageError } from '../failure.ts';

const SECONDS: Record<string, number> = { m: 60, h: 3_600, d: 86_400, w: 604_800, y: 31_536_000 };
/** As long as a key may live. */
const MAX_SECONDS = 315_360_000;

/**
 * Reads `30m`, `12h`, `30d`, `8w` or `1y`.
 *
 * @returns seconds
 * @throws CodedError `usage`
 */
export function parseDuration(option: string, text: string): number {
  const [, amount = '', unit = ''] = /^([1-9]\d{0,8})([mhdwy])$/.exec(text) ?? [];
  const seconds = Number(amount) * (SECONDS[unit] ?? 0);
  if (seconds > 0 && seconds <= MAX_SECONDS) return seconds;
  throw usageError(
    seconds > MAX_SECONDS ? `${option} ${text} is more than ten years.` : `${option} '${text}' is no time span.`,
    'Write it as a number and m, h, d, w or y: 12h, 30d, 1y.',
  );
}
