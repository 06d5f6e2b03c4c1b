import type { Finding } from '../format/finding.ts';
import { editDistance } from './edit-distance.ts';
import { hasAffix, lookOf, MIN_LOOK_LENGTH, stemOf } from './name-skeleton.ts';
import type { VettingContext } from './vetting-context.ts';

/** Below this length most names are a few edits apart by chance. */
const MIN_NAME_LENGTH = 5;
const FIX = 'Choose a name that nobody can mistake for the other skill.';

/**
 * Stage 3: the name cannot be taken for a skill of another namespace, and its files are not those of a yanked version.
 *
 * A name is too similar at an edit distance of 1 to `maxNameDistance` from an existing name of at least 5 characters, or
 * when it looks like one of at least 3 (separators left out, look-alike characters folded). One that an existing name
 * differs from by common affixes alone is a warning. The very same name in another namespace is allowed. The names of
 * skills that are established are never refused.
 */
export function vetSafety(context: VettingContext): Finding[] {
  return [...checkSimilarNames(context), ...checkYanked(context)];
}

function checkSimilarNames(context: VettingContext): Finding[] {
  const { namespace, name, similarNames, maxNameDistance, isEstablished } = context;
  if (maxNameDistance === 0) return [];
  const others = similarNames.filter((other) => other.namespace !== namespace && other.name !== name);
  const found = [...new Set(others.map((other) => other.name))].flatMap((other) => compare(context, other) ?? []);
  return isEstablished ? found.filter(({ severity }) => severity !== 'error') : found;
}

/** What is wrong with having the name beside another one: the first rule that holds. */
function compare({ name, maxNameDistance }: VettingContext, other: string): Finding | undefined {
  const distance = editDistance(name, other, maxNameDistance);
  if (distance <= maxNameDistance && other.length >= MIN_NAME_LENGTH) {
    const message = `name '${name}' is too similar to existing package '${other}' (Levenshtein distance ${distance})`;
    return { rule: 'similar-name', severity: 'error', stage: 'safety', message, fix: FIX };
  }
  const look = lookOf(name);
  if (look === lookOf(other) && look.length >= MIN_LOOK_LENGTH) {
    const message = `name '${name}' looks like existing package '${other}'`;
    return { rule: 'look-alike-name', severity: 'error', stage: 'safety', message, fix: FIX };
  }
  if (!hasAffix(name) || stemOf(name) !== stemOf(other)) return undefined;
  const message = `name '${name}' differs from existing package '${other}' by common words alone`;
  return {
    rule: 'affix-name',
    severity: 'warning',
    stage: 'safety',
    message,
    fix: 'Say in the name what is different.',
  };
}

function checkYanked({ namespace, name, version, yankedAs }: VettingContext): Finding[] {
  if (yankedAs === undefined) return [];
  return [
    {
      rule: 'yanked-content',
      severity: 'error',
      stage: 'safety',
      message: `${namespace}/${name}@${version} holds exactly the files of version ${yankedAs}, which was yanked`,
      fix: `Un-yank ${yankedAs}, or change what was wrong with it.`,
    },
  ];
}
