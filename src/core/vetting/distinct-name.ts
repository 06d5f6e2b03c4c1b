import { vetSafety } from '../../vetting/rules.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { similarNames } from './similar-names.ts';

/**
 * Applies the rule about names that are too close to a skill that exists.
 *
 * @throws Problem `state_conflict`
 */
export async function requireDistinctName(
  deps: Pick<Deps, 'db' | 'settings'>,
  subject: { namespace: string; name: string },
): Promise<void> {
  const { limits, maxNameDistance } = deps.settings;
  if (maxNameDistance === 0) return;
  const candidates = await similarNames(deps, subject.namespace, subject.name);
  const [finding] = vetSafety({ ...subject, version: '', limits, maxNameDistance, similarNames: candidates });
  if (finding) throw new Problem('state_conflict', finding.message, { fix: finding.fix });
}
