import type { StageResult } from '../../db/schema/jobs.ts';
import { writeTarGz } from '../../format/archive.ts';
import type { Bundle } from '../../format/bundle.ts';
import type { Finding } from '../../format/finding.ts';
import { shownText } from '../../vetting/heuristics/index.ts';
import type { Deps, ScannedSkill, Scanner, ScannerReport } from '../deps.ts';
import { describeFault } from '../fault.ts';

/** Of one scanner: more would hide what the others found. */
const MAX_FINDINGS = 20;
const MAX_MESSAGE = 300;
const UNAVAILABLE = 'scanner-unavailable';

/** Thrown when a scanner without which nothing is published gave no answer; worth another try. */
export class ScannerUnavailable extends Error {}

export interface Answer {
  scanner: string;
  verdict: ScannerReport['verdict'];
  findings: Finding[];
}

type Subject = Omit<ScannedSkill, 'archive'>;

/**
 * What the scanners outside the hub say of a bundle, all asked at once. The skill and their words are both untrusted: what
 * they write is cut, and stripped of what cannot be seen and of what looks like a key.
 *
 * @param mustAnswer whether scanners that fail `closed` do so here
 * @returns one answer for each scanner, and the names of those that gave none
 * @throws ScannerUnavailable
 */
export async function askScanners(
  deps: Pick<Deps, 'scanners' | 'log'>,
  bundle: Bundle,
  { namespace, name, version, treeDigest }: Subject,
  mustAnswer: boolean,
): Promise<{ answers: Answer[]; silent: string[] }> {
  const { scanners = [], log } = deps;
  const skill = { namespace, name, version, treeDigest, archive: await writeTarGz(bundle) };
  const outcomes = await Promise.allSettled(scanners.map((scanner) => scanner.scan(skill)));
  const silent: string[] = [];
  const answers = scanners.map((scanner, index): Answer => {
    const outcome = outcomes[index];
    if (outcome?.status === 'fulfilled') return answerOf(scanner, outcome.value, bundle);
    const { cause } = describeFault(outcome?.reason);
    log.error('scanner.failed', { scanner: scanner.name, namespace, name, version, cause });
    if (mustAnswer && scanner.onFailure === 'closed')
      throw new ScannerUnavailable(`the scanner ${scanner.name} ${cause}`);
    silent.push(scanner.name);
    return { scanner: scanner.name, verdict: 'clean', findings: [unavailable(scanner, cause)] };
  });
  return { answers, silent };
}

/** Whether a stage stands for versions that scanners refused, and not for scanners that gave no answer. */
export function isScannersRefusal({ stage, status, findings }: StageResult): boolean {
  return stage === 'scanners' && status === 'fail' && findings.some(({ rule }) => rule !== UNAVAILABLE);
}

function answerOf({ name }: Scanner, report: ScannerReport, bundle: Bundle): Answer {
  const { verdict } = report;
  const files = new Set(bundle.files.map(({ path }) => path));
  const findings = report.findings.slice(0, MAX_FINDINGS).map((found): Finding => {
    const { file, line, excerpt, fix } = found;
    return {
      rule: `${name}.${ruleName(found.rule)}`,
      severity: verdict === 'clean' ? 'info' : found.severity,
      stage: 'scanners',
      message: shownText(found.message, MAX_MESSAGE),
      fix: fix === undefined ? 'Look at the place, and remove what does harm.' : shownText(fix, MAX_MESSAGE),
      ...(file !== undefined && files.has(file) ? { file, ...(line === undefined ? {} : { line }) } : {}),
      ...(excerpt === undefined ? {} : { excerpt: shownText(excerpt) }),
    };
  });
  if (verdict !== 'clean') findings.unshift(judgement(name, report));
  return { scanner: name, verdict, findings };
}

function judgement(name: string, { verdict, engine, version }: ScannerReport): Finding {
  const by = [engine, version].flatMap((text) => (text === undefined ? [] : [shownText(text, 60)])).join(' ');
  return {
    rule: `${name}.verdict`,
    severity: 'warning',
    stage: 'scanners',
    message: `the scanner ${name}${by === '' ? '' : ` (${by})`} calls it ${verdict}`,
    fix: 'Remove what the scanner found; if it is mistaken, appeal.',
  };
}

function unavailable({ name }: Scanner, cause: string): Finding {
  return {
    rule: UNAVAILABLE,
    severity: 'warning',
    stage: 'scanners',
    message: `the scanner ${name} ${cause}, so that nothing is known from it`,
    fix: 'There is nothing to mend in the skill; a later scan asks again.',
  };
}

function ruleName(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, 80) || 'finding';
}
