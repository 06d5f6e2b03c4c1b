// Control characters but for tab and line ends, line separators, and the marks that reverse the reading direction.
// The marks and joiners that Persian, Hebrew and emoji need (U+200C to U+200F) stay.
const DECEPTIVE = /[^\P{Cc}\t\n\r]|[\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]|\p{Cs}/u;
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** How much of one name or value a message shows, in UTF-16 code units. */
const MAX_SHOWN = 300;

/**
 * Finds the first character that makes a text look other than it is on a terminal or a page: control characters (ANSI
 * escapes begin with one), direction overrides, halves of surrogate pairs. Tabs and line ends are text.
 * `index` counts UTF-16 code units, `name` is such as `U+001B`.
 */
export function findDeceptive(text: string): { index: number; name: string } | undefined {
  const match = DECEPTIVE.exec(text);
  return match === null ? undefined : { index: match.index, name: nameOf(match[0]) };
}

/** Any text of a stranger as it may stand in a message: what cannot be seen is escaped, and only the beginning is kept. */
export function showText(text: string, max = MAX_SHOWN): string {
  const shown = text.slice(0, max).replace(UNPRINTABLE, (char) => ESCAPES[char] ?? escapeOf(char));
  if (text.length <= max && shown.length <= max) return shown;
  return `${shown.slice(0, max).replace(/\p{Cs}$/u, '')}…`;
}

const ESCAPES: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f' };

function escapeOf(char: string): string {
  const code = nameOf(char).slice(2).toLowerCase();
  return code.length > 4 ? `\\u{${code}}` : `\\u${code}`;
}

function nameOf(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
