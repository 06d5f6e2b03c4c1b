import { CodedError } from '../failure.ts';
import type { Demand } from './demand.ts';
import type { KnownSkills } from './known-skills.ts';
import type { Wanted } from './plan.ts';
import type { Clash, SearchTooLong } from './search.ts';

const SHOWN_VERSIONS = 5;

/** The error for demands on one skill that cannot be met, with all who made them. */
export async function conflictError({ demands, chosen }: Clash, known: KnownSkills): Promise<CodedError> {
  const [first] = demands;
  if (first === undefined) throw new Error('a clash without demands');
  const { target } = first;
  const versions = await known.versions(first.wanted);
  const alone = demands.find(({ accepts }) => !versions.some(accepts));
  if (alone !== undefined) return missing(alone, versions);
  const clashing = chosen === undefined ? excluding(demands, versions) : demands.filter((one) => !one.accepts(chosen));
  const wishes = clashing.map(wish);
  // A version that was chosen leads round to a wish for another one.
  if (chosen !== undefined) wishes.unshift(`${chosen} (for ${wish(first)})`);
  return new CodedError(
    'dependency_conflict',
    `No version of ${target} is what all want: ${wishes.join(', and ')}.`,
    `Ask for versions that go together, or leave one out. What there is: skills info ${target} --versions`,
  );
}

export function tooLong(cause: SearchTooLong): CodedError {
  return new CodedError(
    'dependencies_too_complex',
    `No versions that go together were found: ${cause.message}.`,
    'Ask for fewer skills at once, or for narrower ranges.',
    1,
    { cause },
  );
}

/** Two of the demands that exclude each other; all of them where each two go together. */
function excluding(demands: readonly Demand[], versions: readonly string[]): readonly Demand[] {
  for (const [index, one] of demands.entries()) {
    const other = demands.slice(0, index).find(({ accepts }) => !versions.some((v) => accepts(v) && one.accepts(v)));
    if (other !== undefined) return [other, one];
  }
  return demands;
}

/** A demand that nothing fits, whatever the others want. */
function missing({ target, wanted }: Demand, versions: readonly string[]): CodedError {
  const code = wanted.path.length === 0 ? 'not_found' : 'dependency_missing';
  const asker = wanted.path.length === 0 ? '' : ` (wanted by ${by(wanted)})`;
  if (wanted.namespace === '') {
    const message = `No skill is known as '${target}' alone${asker}.`;
    return new CodedError(code, message, 'Ask its author to name the namespace: @namespace/name.');
  }
  if (versions.length === 0) {
    const fix = 'Check the name. A private skill needs `skills login`; yanked versions cannot be installed.';
    return new CodedError(code, `There is no version of ${target} to install${asker}.`, fix);
  }
  const newest = versions.slice(0, SHOWN_VERSIONS).join(', ');
  const more = versions.length > SHOWN_VERSIONS ? ` and ${versions.length - SHOWN_VERSIONS} more` : '';
  return new CodedError(
    code,
    `No version of ${target} fits '${wanted.range}'${asker}.`,
    `There are ${newest}${more}. See all: skills info ${target} --versions`,
  );
}

/** `^1.2.0 (wanted by skills.json > @acme/report@2.0.0)` */
function wish({ wanted }: Demand): string {
  return `${wanted.range} (wanted by ${by(wanted)})`;
}

function by({ path }: Wanted): string {
  return path.length === 0 ? 'you' : path.join(' > ');
}
