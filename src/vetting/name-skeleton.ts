/**
 * Characters that are taken for each other in common typefaces, folded in this order. Pairs that are one letter to the eye
 * are among the confusables of Unicode's UTS #39; digits for letters are what spam filters know as "leet".
 */
const FOLDS: readonly (readonly [from: RegExp, to: string])[] = [
  [/rn/g, 'm'],
  [/vv/g, 'w'],
  [/0/g, 'o'],
  [/[1i]/g, 'l'],
  [/3/g, 'e'],
  [/4/g, 'a'],
  [/5/g, 's'],
  [/7/g, 't'],
  [/8/g, 'b'],
];

/** Words that say nothing of what a skill does, at either end of a name. */
const AFFIXES = new Set(
  'skill skills the my official original real verified best new latest pro plus lite free cli tool tools kit utils helper assistant app ai agent js ts py python node'.split(
    ' ',
  ),
);
const NUMBERED = /^v?\d+$/;

/** What is left of a name without its affixes has to say something. */
const MIN_STEM_LENGTH = 4;

/** Below this length most looks are equal by chance. */
export const MIN_LOOK_LENGTH = 3;

/** A name as a hasty reader sees it: without separators, look-alike characters folded. Names of equal looks deceive. */
export function lookOf(name: string): string {
  return FOLDS.reduce((text, [from, to]) => text.replace(from, to), name.replaceAll('-', ''));
}

/**
 * The look of a name without common affixes (`the-`, `-official`, `-v2` and the like) and the plural's `s`, as long as four
 * characters stay. Names that agree in it alone may well be different skills.
 */
export function stemOf(name: string): string {
  return lookOf(
    plainWords(name)
      .join('-')
      .replace(/(?<=[a-z0-9-]{4}[^s-])s$/, ''),
  );
}

/** Whether a name has affixes that its stem has not. */
export function hasAffix(name: string): boolean {
  return lookOf(name) !== stemOf(name);
}

/** The keys by which an index of skill names finds those of equal look, and those of equal stem. */
export function skeletonsOf(name: string): { look: string; stem: string } {
  return { look: `look:${lookOf(name)}`, stem: `stem:${stemOf(name)}` };
}

function plainWords(name: string): string[] {
  const words = name.split('-');
  while (isAffix(words.at(-1)) && stays(words.slice(0, -1))) words.pop();
  while (isAffix(words[0]) && stays(words.slice(1))) words.shift();
  return words;
}

const isAffix = (word = '') => AFFIXES.has(word) || NUMBERED.test(word);
const stays = (words: string[]) => words.join('').length >= MIN_STEM_LENGTH;
