import { editDistance } from '../src/vetting/edit-distance.ts';

const TYPO_DISTANCE = 3;

/** A shorter word is the beginning of too many names. */
const PREFIX_LENGTH = 3;

/** The shortest of `names` that begins with a word; else the one that a mistyped word is closest to, if any is close. */
export function closest(word: string, names: Iterable<string>): string | undefined {
  const all = [...names];
  const longer = word.length < PREFIX_LENGTH ? [] : all.filter((name) => name.startsWith(word));
  if (longer.length > 0) return longer.reduce((best, name) => (name.length < best.length ? name : best));
  let best: { name: string; distance: number } | undefined;
  for (const name of all) {
    const distance = editDistance(word, name, TYPO_DISTANCE);
    if (distance <= TYPO_DISTANCE && (best === undefined || distance < best.distance)) best = { name, distance };
  }
  return best?.name;
}
