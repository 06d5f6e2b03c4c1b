import type { Finding } from '../format/finding.ts';
import { editDistance } from './edit-distance.ts';
import type { VettingContext } from './vetting-context.ts';

/** Below this length most names are a few edits apart by chance. */
const MIN_NAME_LENGTH = 5;

/**
 * Stage 3: the name cannot be taken for a skill of another namespace, and the version was not yanked before.
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

function checkYanked({ namespace, name, version, yankedVersion }: VettingContext): Finding[] {
  if (!yankedVersion) return [];
  return [
    {
      rule: 'yanked-version',
      severity: 'error',
      stage: 'safety',
      message: `version ${version} of ${namespace}/${name} was yanked and cannot be published again`,
      fix: 'Publish the content under a new version.',
    },
  ];
}
