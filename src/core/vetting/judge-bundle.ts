import type { StageResult } from '../../db/schema/jobs.ts';
import type { Bundle } from '../../format/bundle.ts';
import type { Deps, ScannedSkill, VerdictAction, VerdictPolicy } from '../deps.ts';
import { askScanners } from './ask-scanners.ts';
import { actionFor, asErrors, type Examined, examineStage } from './policy.ts';

type Verdict = Examined['verdict'];

/** What the examination and the scanners, where there are some, make of a bundle. */
export interface Judged {
  /** The worst of all. */
  verdict: Verdict;
  engineVersion: string;
  /** The strictest that the policy wants for one of them. */
  action: VerdictAction;
  /** `examination`, and after it `scanners` where they were asked. */
  stages: StageResult[];
  /** Who doubts the bundle, as one part of a sentence each. */
  doubts: string[];
  /** Scanners that gave no answer. */
  silent: string[];
}

interface How {
  policy: VerdictPolicy;
  mustAnswer: boolean;
  beforeAsking?: (examined: StageResult) => Promise<void>;
}

const VERDICTS: readonly Verdict[] = ['clean', 'suspicious', 'malicious'];
const ACTIONS: readonly VerdictAction[] = ['warn', 'quarantine', 'block'];

/** The worse of two verdicts. */
export function worse(a: Verdict, b: Verdict): Verdict {
  return VERDICTS[Math.max(VERDICTS.indexOf(a), VERDICTS.indexOf(b))] ?? a;
}

/**
 * Judges a bundle whose form is sound. Scanners are not asked about what the examination blocks; about what it holds for a
 * person they are, but need not answer.
 *
 * @param how `mustAnswer`: whether scanners that fail `closed` do so here; `beforeAsking`: called with the examination's stage
 * before scanners, which may take their time, are asked
 * @throws ScannerUnavailable, and what `beforeAsking` throws
 */
export async function judgeBundle(
  deps: Pick<Deps, 'scanners' | 'clock' | 'log'>,
  bundle: Bundle,
  subject: Omit<ScannedSkill, 'archive'>,
  { policy, mustAnswer, beforeAsking }: How,
): Promise<Judged> {
  const { stage, verdict, engineVersion, action, score } = examineStage(bundle, policy, deps.clock.now);
  const doubts = verdict === 'clean' ? [] : [`the examination calls it ${verdict} (score ${score})`];
  const examined: Judged = { verdict, engineVersion, action, stages: [stage], doubts, silent: [] };
  if (!deps.scanners?.length || action === 'block') return examined;
  await beforeAsking?.(stage);
  const { answers, silent } = await askScanners(deps, bundle, subject, mustAnswer && action === 'warn');
  const worst = answers.map((answer) => answer.verdict).reduce(worse);
  const wanted = actionFor(worst, policy);
  const findings = answers.flatMap((answer) => answer.findings);
  const scanned: StageResult = {
    stage: 'scanners',
    status: wanted === 'warn' ? 'pass' : 'fail',
    endedAt: deps.clock.now(),
    findings: wanted === 'block' ? asErrors(findings) : findings,
    verdict: worst,
  };
  const doubting = answers.filter((answer) => answer.verdict !== 'clean');
  return {
    verdict: worse(verdict, worst),
    engineVersion,
    action: ACTIONS[Math.max(ACTIONS.indexOf(action), ACTIONS.indexOf(wanted))] ?? action,
    stages: [stage, scanned],
    doubts: [...doubts, ...doubting.map((answer) => `the scanner ${answer.scanner} calls it ${answer.verdict}`)],
    silent,
  };
}
