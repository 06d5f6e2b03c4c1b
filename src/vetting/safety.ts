import type { Finding } from '../format/finding.ts';
import { editDistance } from './edit-distance.ts';
import type { VettingContext } from './vetting-context.ts';

/** Below this length most names are a few edits apart by chance. */
const MIN_NAME_LENGTH = 5;

/**
 * Stage 3: the name cannot be taken for a skill of another namespace, and its files are not those of a yanked version.
 *
 * A name is too similar at an edit distance of 1 to `maxNameDistance` from an existing name of at least 5 characters.
 * The very same name in another namespace is allowed.
 */
export function vetSafety(context: VettingContext): Finding[] {
  return [...checkSimilarNames(context), ...checkYanked(context)];
}

function checkSimilarNames({ namespace, name, similarNames, maxNameDistance }: VettingContext): Finding[] {
  const others = similarNames.filter((other) => other.namespace !== namespace && other.name.length >= MIN_NAME_LENGTH);
  const distances = [...new Set(others.map((other) => other.name))]
    .map((other) => ({ other, distance: editDistance(name, other, maxNameDistance) }))
    .filter(({ distance }) => distance > 0 && distance <= maxNameDistance);
  return distances.map(({ other, distance }) => ({
    rule: 'similar-name',
    severity: 'error',
    stage: 'safety',
    message: `name '${name}' is too similar to existing package '${other}' (Levenshtein distance ${distance})`,
    fix: 'Choose a name that nobody can mistake for the other skill.',
  }));
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
