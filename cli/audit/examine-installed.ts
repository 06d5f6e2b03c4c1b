import type { Finding } from '../../src/format/finding.ts';
import { type Examination, examineBundle } from '../../src/vetting/examination.ts';
import { ENGINE_VERSION } from '../../src/vetting/heuristics/index.ts';
import { CodedError, usageError } from '../failure.ts';
import { readInstalled } from '../folder.ts';
import { isFromRegistry, labelOf } from '../project/record.ts';
import { UserError } from '../user-error.ts';
import type { AuditProblem } from './audit-skill.ts';
import type { AuditedSkill } from './auditing-command.ts';

export { ENGINE_VERSION };

export type Verdict = Examination['verdict'];

/** From which verdict on a skill is a problem. */
const LEVELS = ['suspicious', 'malicious'] as const;
export type Level = (typeof LEVELS)[number];

/** @throws CodedError `usage` */
export function levelOf(text: string): Level {
  const level = LEVELS.find((known) => known === text);
  if (level !== undefined) return level;
  throw usageError(`--level ${text} is no verdict that can fail.`, `Use ${LEVELS.join(' or ')}.`);
}

/** What the rules of this command line find today in the files as they are. */
export interface Examined {
  /** Undefined for files that cannot be read. */
  verdict: Verdict | undefined;
  /** `new`: the registry's examination does not have it; null when the registry did not say. */
  findings: (Finding & { new: boolean | null })[];
  problems: AuditProblem[];
}

const WEIGHT: Record<Verdict, number> = { clean: 0, suspicious: 1, malicious: 2 };

/**
 * Examines an installed skill by the rules of today, and judges that and what its registry says by the level. What the rules
 * here find is a problem of its own only where it is worse than what the registry says.
 */
export async function examineInstalled(skill: AuditedSkill, level: Level): Promise<Examined> {
  const label = labelOf(skill.record);
  const problems: AuditProblem[] = [];
  const official = skill.verdict ?? 'clean';
  if (WEIGHT[official] >= WEIGHT[level]) problems.push(flagged(label, official, skill.client?.registry ?? ''));
  const examination = await examine(skill.path);
  if (!examination) return { verdict: undefined, findings: [], problems };
  const { verdict } = examination;
  if (WEIGHT[verdict] >= WEIGHT[level] && WEIGHT[verdict] > WEIGHT[official]) problems.push(found(label, verdict));
  const known = examination.findings.length === 0 ? new Set<string>() : await knownFindings(skill);
  const findings = examination.findings.map((finding) => ({
    ...finding,
    new: known === undefined ? null : !known.has(placeOf(finding)),
  }));
  return { verdict, findings, problems };
}

function flagged(label: string, verdict: Verdict, registry: string): AuditProblem {
  const message = `${registry} calls ${label} ${verdict} by its newest examination.`;
  const fix = `See why: skills info ${label}. Do not use it before you have looked.`;
  return { code: 'flagged', message, fix };
}

function found(label: string, verdict: Verdict): AuditProblem {
  const message = `${label} is ${verdict} by the rules of today (${ENGINE_VERSION}).`;
  return { code: 'examination', message, fix: 'Look at the findings, and do not use it before you have.' };
}

/** Undefined for files that cannot be read, which the comparison with the record tells already. */
async function examine(path: string): Promise<Examination | undefined> {
  try {
    return examineBundle(await readInstalled(path));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** What the registry's examination found; undefined when it does not say. */
async function knownFindings({ client, record, verdict }: AuditedSkill): Promise<Set<string> | undefined> {
  if (!client || verdict === undefined || !isFromRegistry(record)) return undefined;
  try {
    const { findings } = await client.findings(record, record.version);
    return new Set(findings.map(placeOf));
  } catch (error) {
    if (error instanceof CodedError) return undefined;
    throw error;
  }
}

/** Lines move from one version of the rules to the next. */
function placeOf({ rule, file = '' }: Pick<Finding, 'rule' | 'file'>): string {
  return `${rule} ${file}`;
}
