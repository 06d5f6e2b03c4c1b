const WORD = "[\\w']+";
/** What stands between two words of one sentence: no sentence end and no line end, but a dot inside `.env` or `a.md`. */
const BETWEEN = "(?:[^\\w'.!?\\n]{1,4}\\.?|\\.(?=\\w))";

/**
 * A pattern over folded text (see `foldProse`): each string is a choice of words, as a regular expression without
 * anchors, and each number the most words that may stand before the next choice, in the same sentence.
 *
 * The gap is bounded and its parts share no character, so that a match takes time in proportion to the text.
 */
export function phrase(...parts: (string | number)[]): RegExp {
  let source = '';
  let gap = 0;
  for (const part of parts) {
    if (typeof part === 'number') {
      gap = part;
      continue;
    }
    if (source !== '') source += gap === 0 ? BETWEEN : `${BETWEEN}(?:${WORD}${BETWEEN}){0,${gap}}?`;
    source += `${source === '' ? startOf(part) : ''}(?:${part})(?!\\w)`;
    gap = 0;
  }
  return new RegExp(source, 'g');
}

/** A word boundary is twice as fast as looking behind, and says the same where each choice begins with a letter. */
function startOf(part: string): string {
  const isPlain = !/(?:^|\|)(?:(?![a-z0-9(])|\((?!\?:[a-z0-9(]))/i.test(part);
  return isPlain ? '\\b' : '(?<!\\w)';
}

/** One pattern that matches what any of the given ones matches. */
export function anyOf(...patterns: RegExp[]): RegExp {
  return new RegExp(patterns.map((pattern) => `(?:${pattern.source})`).join('|'), 'g');
}

/** The words of a list that is separated by spaces. */
export function words(list: string): string[] {
  return list.split(/\s+/).filter(Boolean);
}
