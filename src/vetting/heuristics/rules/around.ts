import type { Hit } from '../rule.ts';

/** The matched text with so many characters of its surroundings on each side. */
export function around({ match, unit }: Pick<Hit, 'match' | 'unit'>, before: number, after: number): string {
  return unit.slice(Math.max(0, match.index - before), match.index + match[0].length + after);
}
