import type { Finding } from '../../src/format/finding.ts';
import { FormatError } from '../../src/format/format-error.ts';
import { adviceFor, type CheckedSkill, checkSkill } from '../check-skill.ts';
import { CodedError } from '../failure.ts';
import { UserError } from '../user-error.ts';

/** What there is to say of one skill on disk. */
export interface SkillReport {
  /** Absolute; of a folder, or of an archive. */
  path: string;
  archive: boolean;
  valid: boolean;
  /** Null where it cannot be read. */
  name: string | null;
  version: string | null;
  /** How many there are. */
  files: number;
  verdict: CheckedSkill['verdict'] | null;
  score: number | null;
  findings: Finding[];
}

/**
 * Checks a skill. What cannot be read at all is an error among the findings.
 *
 * @param strict whether warnings fail, and a verdict that is not clean
 */
export async function reportOn(path: string, strict: boolean): Promise<SkillReport> {
  const report = await read(path);
  const fatal = strict ? ['error', 'warning'] : ['error'];
  const passes = report.findings.every(({ severity }) => !fatal.includes(severity));
  return { ...report, valid: passes && (!strict || report.verdict === 'clean') };
}

async function read(path: string): Promise<Omit<SkillReport, 'valid'>> {
  try {
    const skill = await checkSkill(path);
    return {
      path,
      archive: skill.archive !== undefined,
      name: skill.metadata?.name ?? null,
      version: skill.metadata?.version ?? null,
      files: skill.bundle.files.length,
      verdict: skill.verdict,
      score: skill.score,
      findings: [...skill.findings, ...adviceFor(path, skill)],
    };
  } catch (error) {
    const finding = unreadable(error);
    const archive = error instanceof FormatError && error.code === 'malformed_archive';
    return { path, archive, name: null, version: null, files: 0, verdict: null, score: null, findings: [finding] };
  }
}

function unreadable(error: unknown): Finding {
  const finding = { severity: 'error', stage: 'structure' } as const;
  if (error instanceof FormatError) {
    const { code, message, fix, file, line } = error;
    const place = { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) };
    return { rule: code.replaceAll('_', '-'), ...finding, message, fix, ...place };
  }
  if (!(error instanceof UserError)) throw error;
  const rule = error instanceof CodedError ? error.code.replaceAll('_', '-') : 'unreadable';
  return { rule, ...finding, message: error.message.replace(/\.$/, ''), fix: error.fix };
}
