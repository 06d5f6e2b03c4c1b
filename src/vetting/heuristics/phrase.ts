import { beginningsOf } from './beginnings.ts';

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
  const pattern = new RegExp(source, 'g');
  const needs = parts.flatMap((part) => (typeof part === 'number' ? [] : [beginningsOf(part)]));
  ALTERNATIVES.set(pattern, [{ pattern, needs: needs.filter((words) => words !== undefined) }]);
  return pattern;
}

/** One of the patterns of which a larger one is made. */
export interface Alternative {
  /** Global. */
  pattern: RegExp;
  /** Sets of words, as of `PatternRule.words`: what it matches has one of each. */
  needs: readonly (readonly string[])[];
}

const ALTERNATIVES = new WeakMap<RegExp, readonly Alternative[]>();

/** The patterns that `anyOf` and `phrase` made this one of, each with the words that it needs; else the pattern alone. */
export function alternativesOf(pattern: RegExp): readonly Alternative[] {
  return ALTERNATIVES.get(pattern) ?? [{ pattern, needs: [] }];
}

/** A word boundary is twice as fast as looking behind, and says the same where each choice begins with a letter. */
function startOf(part: string): string {
  const isPlain = !/(?:^|\|)(?:(?![a-z0-9(])|\((?!\?:[a-z0-9(]))/i.test(part);
  return isPlain ? '\\b' : '(?<!\\w)';
}

/** One pattern that matches what any of the given ones matches. */
export function anyOf(...patterns: RegExp[]): RegExp {
  const whole = new RegExp(patterns.map((pattern) => `(?:${pattern.source})`).join('|'), 'g');
  const alternatives = patterns.flatMap((pattern) =>
    alternativesOf(pattern.flags === 'g' ? pattern : new RegExp(pattern.source, 'g')),
  );
  ALTERNATIVES.set(whole, alternatives);
  return whole;
}

/** The words of a list that is separated by spaces. */
export function words(list: string): string[] {
  return list.split(/\s+/).filter(Boolean);
}
