import { existsSync } from 'node:fs';
import type { Bundle } from '../../src/format/bundle.ts';
import { createEngine } from '../../src/vetting/heuristics/engine.ts';
import { ENGINE_VERSION, examine, type HeuristicReport, RULES } from '../../src/vetting/heuristics/index.ts';
import { sampleBundle } from '../vetting/heuristics/bundles.ts';
import { FURTHER_VARIATIONS } from '../vetting/samples/further-variations.ts';
import { FAMILIES } from '../vetting/samples/index.ts';
import type { Sample } from '../vetting/samples/sample.ts';
import { LOOK_ALIKES } from '../vetting/samples/unseen/look-alikes.ts';
import { UNSEEN_PROGRAMS } from '../vetting/samples/unseen/programs.ts';
import { UNSEEN_TEXTS } from '../vetting/samples/unseen/texts.ts';
import { VARIATIONS } from '../vetting/samples/variations.ts';
import { type BenchSkill, CORPUS, corpusSkills, generatedSkills } from './skills.ts';
import { count, duration, table } from './table.ts';
import { timeInWorkerd } from './vetting-workerd.ts';

/** The share of skills that may not be clean, where people of good repute publish; texts about attacks are harder. */
const LIMITS: Record<string, number> = {
  google: 0.02,
  nvidia: 0.02,
  'k-dense': 0.02,
  wshobson: 0.02,
  'awesome-copilot': 0.02,
  trailofbits: 0.05,
};
const MIB = 1024 * 1024;
/** Enough to compare rules with; all skills with each rule would take minutes. */
const TIMED_SKILLS = 200;

interface Judged {
  skill: BenchSkill;
  report: HeuristicReport;
}

async function main(): Promise<void> {
  const skills = existsSync(CORPUS) ? corpusSkills() : generatedSkills(500);
  const bytes = sizeOf(skills.map((skill) => skill.bundle));
  const { result: judged, milliseconds } = timed(() =>
    skills.map((skill): Judged => ({ skill, report: examine(skill.bundle) })),
  );
  const perMib = milliseconds / (bytes / MIB);
  console.log(
    `Engine ${ENGINE_VERSION}: ${count(skills.length)} skills, ${count(bytes / MIB)} MiB, ${duration(perMib)} of processor time a MiB\n`,
  );
  const { first, later } = await timeInWorkerd(skills);
  console.log(
    `In workerd, a bundle of 1 MiB: ${duration(later)} of processor time, ${duration(first)} in a new isolate\n`,
  );
  console.log(`${sources(judged)}\n`);
  console.log(`${recall()}\n`);
  console.log(`${rules(judged, skills.slice(0, TIMED_SKILLS))}\n`);
  console.log(flagged(judged));
}

function sources(judged: readonly Judged[]): string {
  const bySource = Map.groupBy(judged, ({ skill }) => skill.namespace);
  const rows = [...bySource].sort().map(([source, found]) => {
    const flagged = found.filter(({ report }) => report.verdict !== 'clean');
    const malicious = found.filter(({ report }) => report.verdict === 'malicious');
    const share = flagged.length / found.length;
    const limit = LIMITS[source];
    const verdict = limit === undefined ? '-' : `${percent(limit)} ${share <= limit ? 'kept' : 'BROKEN'}`;
    return [source, count(found.length), count(flagged.length), count(malicious.length), percent(share), verdict];
  });
  return table(['source', 'skills', 'not clean', 'malicious', 'share', 'limit'], rows);
}

function recall(): string {
  const rows = FAMILIES.map(({ family, first, paraphrase }) => [family, found(first), found(paraphrase)]);
  return table(
    ['samples found', 'first half', 'paraphrases'],
    [
      ...rows,
      ['variations', found(VARIATIONS), found(FURTHER_VARIATIONS)],
      ['unseen: programs, texts', found(UNSEEN_PROGRAMS), found(UNSEEN_TEXTS)],
      ['look-alikes (harmless)', found(LOOK_ALIKES), ''],
    ],
  );
}

function found(samples: readonly Sample[]): string {
  const hits = samples.filter((sample, index) => examine(sampleBundle(sample, index)).verdict !== 'clean');
  return `${hits.length}/${samples.length}`;
}

/** Findings of each rule, and what the rule adds to the time of an engine without any. */
function rules(judged: readonly Judged[], skills: readonly BenchSkill[]): string {
  const findings = judged.flatMap(({ report }) => report.findings);
  const size = sizeOf(skills.map((skill) => skill.bundle)) / MIB;
  const timeOf = (engine: ReturnType<typeof createEngine>) =>
    timed(() => skills.map((skill) => engine.examine(skill.bundle))).milliseconds / size;
  timeOf(createEngine(RULES));
  const base = timeOf(createEngine([]));
  const rows = RULES.map((rule) => {
    const own = findings.filter((finding) => finding.rule === rule.id);
    const heavy = own.filter((finding) => finding.severity !== 'info');
    const time = Math.max(0, timeOf(createEngine([rule])) - base);
    return { row: [rule.id, count(own.length), count(heavy.length), duration(time)], heavy: heavy.length };
  });
  rows.sort((a, b) => b.heavy - a.heavy);
  return table(
    ['rule', 'findings', 'warn or critical', 'time a MiB'],
    [...rows.map(({ row }) => row), ['(reading, without rules)', '', '', duration(base)]],
  );
}

function flagged(judged: readonly Judged[]): string {
  return judged
    .filter(({ skill, report }) => skill.namespace in LIMITS && report.verdict !== 'clean')
    .map(({ skill, report }) => {
      const reasons = report.findings
        .slice(0, 5)
        .map(({ points, rule, file, line, excerpt }) => `  ${points} ${rule} ${file}:${line} ${excerpt}`);
      return [`${skill.namespace}/${skill.name}: ${report.verdict}, ${report.score}`, ...reasons].join('\n');
    })
    .join('\n');
}

function timed<T>(run: () => T): { result: T; milliseconds: number } {
  const before = process.cpuUsage();
  const result = run();
  const { user, system } = process.cpuUsage(before);
  return { result, milliseconds: (user + system) / 1000 };
}

function sizeOf(bundles: readonly Bundle[]): number {
  return bundles.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes.length, 0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

await main();
