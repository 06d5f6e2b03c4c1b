const MAX_EXCERPT = 160;
const KEY_LIKE = /(?<![\w/.-])(?=[\w+-]{0,60}\d)(?=[\w+-]{0,60}[A-Za-z])[\w+-]{24,400}/g;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * At most 160 characters of a text around a place, safe to show: what looks like a key keeps its first four characters,
 * and characters that cannot be seen are written as their numbers.
 */
export function excerptOf(text: string, start = 0, end = text.length): string {
  const room = Math.max(0, MAX_EXCERPT - (end - start));
  const from = start <= room / 2 ? 0 : start - Math.floor(room / 3);
  const shown = text
    .slice(from, from + MAX_EXCERPT * 2)
    .replace(KEY_LIKE, (key) => `${key.slice(0, 4)}…(${key.length})`)
    .replace(/[\t\r\n ]+/g, ' ')
    .replace(UNPRINTABLE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
    .trim();
  const clipped = from > 0 ? `…${shown}` : shown;
  return clipped.length <= MAX_EXCERPT
    ? clipped
    : `${clipped.slice(0, MAX_EXCERPT - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
