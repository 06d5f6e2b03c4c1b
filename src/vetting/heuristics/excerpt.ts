import { maskSecrets } from '../secrets/mask.ts';

const MAX_EXCERPT = 160;
/** Text around what is shown, by which a credential is known for one, also where it is cut off. */
const AROUND = 1000;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * At most 160 characters of a text around a place, safe to show: what looks like a credential keeps at most its first four
 * characters, and characters that cannot be seen are written as their numbers.
 */
export function excerptOf(text: string, start = 0, end = text.length): string {
  const room = Math.max(0, MAX_EXCERPT - (end - start));
  const from = start <= room / 2 ? 0 : start - Math.floor(room / 3);
  const shown = visible(text, from, MAX_EXCERPT * 2);
  return clip(from > 0 ? `…${shown}` : shown, MAX_EXCERPT);
}

/** The beginning of a text that others wrote, at most so many characters, made safe to show like an excerpt. */
export function shownText(text: string, most = MAX_EXCERPT): string {
  return clip(visible(text, 0, most * 2), most);
}

/** Some text from a place on; masked before it is cut, since half a credential looks like none. */
function visible(text: string, from: number, length: number): string {
  const begin = Math.max(0, from - AROUND);
  return maskSecrets(text.slice(begin, from + length + AROUND), from - begin)
    .slice(0, length)
    .replace(/[\t\r\n ]+/g, ' ')
    .replace(UNPRINTABLE, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
    .trim();
}

function clip(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
