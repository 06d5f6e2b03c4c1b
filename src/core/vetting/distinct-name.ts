import { vetSafety } from '../../vetting/rules.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { closeNames } from './similar-names.ts';

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
  const candidates = await closeNames(deps, subject.namespace, subject.name);
  const findings = vetSafety({ ...subject, version: '', limits, maxNameDistance, similarNames: candidates });
  const finding = findings.find(({ severity }) => severity === 'error');
  if (finding) throw new Problem('state_conflict', finding.message, { fix: finding.fix });
}
