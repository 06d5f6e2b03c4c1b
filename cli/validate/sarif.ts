import { createHash } from 'node:crypto';
import type { Finding } from '../../src/format/finding.ts';
import { placeOf, uriOf } from './place.ts';
import type { SkillReport } from './report.ts';

const LEVEL = { error: 'error', warning: 'warning', info: 'note' } as const;

/** Reports as a SARIF 2.1.0 log, for code scanning. @param version of this program */
export function sarifLog(cwd: string, version: string, reports: readonly SkillReport[]) {
  const all = reports.flatMap((report) => report.findings.map((finding) => ({ report, finding })));
  const rules = [...new Map(all.map(({ finding }) => [finding.rule, finding])).values()];
  const indexOf = new Map(rules.map(({ rule }, index) => [rule, index]));
  const fingerprintOf = fingerprints(cwd);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'skills validate', semanticVersion: version, rules: rules.map(describeRule) } },
        invocations: [{ executionSuccessful: true }],
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The folder that the command was run in.' } } },
        results: all.map(({ report, finding }) => ({
          ruleId: finding.rule,
          ruleIndex: indexOf.get(finding.rule) ?? -1,
          level: LEVEL[finding.severity],
          message: { text: `${placeOf(cwd, report, finding).inside}${finding.message}. Fix: ${finding.fix}` },
          locations: [locationOf(cwd, report, finding)],
          partialFingerprints: { primaryLocationLineHash: fingerprintOf(report, finding) },
          properties: { stage: finding.stage, ...(finding.excerpt === undefined ? {} : { excerpt: finding.excerpt }) },
        })),
      },
    ],
  };
}

/** What is the same wherever a rule strikes; its first finding stands for all. */
function describeRule({ rule, severity, stage, category, owasp = [], why, fix }: Finding) {
  return {
    id: rule,
    shortDescription: { text: rule.replace(/[-.]/g, ' ') },
    ...(why === undefined ? {} : { fullDescription: { text: why } }),
    help: { text: fix },
    defaultConfiguration: { level: LEVEL[severity] },
    properties: { tags: [stage, ...(category === undefined ? [] : [category]), ...owasp] },
  };
}

function locationOf(cwd: string, report: SkillReport, finding: Finding) {
  const { path, line } = placeOf(cwd, report, finding);
  const region = line === undefined ? {} : { region: { startLine: line } };
  return { physicalLocation: { artifactLocation: uriOf(path), ...region } };
}

/**
 * Names of findings that stay when lines move: the rule, the file, and what was found there, with a count for findings that are
 * alike.
 */
function fingerprints(cwd: string) {
  const counts = new Map<string, number>();
  return (report: SkillReport, finding: Finding): string => {
    const { path } = placeOf(cwd, report, finding);
    const found = finding.excerpt ?? finding.message.replace(/\blines? \d+/g, 'line');
    const inside = report.archive ? finding.file : undefined;
    const hash = createHash('sha256').update(JSON.stringify([finding.rule, path, inside, found]));
    const digest = hash.digest('hex').slice(0, 16);
    const count = (counts.get(digest) ?? 0) + 1;
    counts.set(digest, count);
    return `${digest}:${count}`;
  };
}
