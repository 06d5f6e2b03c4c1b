import type * as z from 'zod';
import type { VettingReport } from '../../core/moderation/get-report.ts';
import { ruleVerdict } from '../../core/vetting/verdicts.ts';
import type { StageResult } from '../../db/schema/jobs.ts';
import type { Finding } from '../../format/finding.ts';
import { writeZipFiles } from '../../format/zip-write.ts';
import type { artifactSchema, scanReportSchema } from './scan-schemas.ts';
import { isDoubt, wireSeverity } from './wire.ts';

type Report = z.infer<typeof scanReportSchema>;

/** What the stages of vetting found, as ClawHub's clients print it: the hub's own rules are its static analysis. */
export function wireReport(stages: readonly StageResult[]): Report {
  const scanners = stages.find(({ stage }) => stage === 'scanners');
  const findings = stages.flatMap((result) => (result === scanners ? [] : result.findings));
  const errors = findings.filter(({ severity }) => severity === 'error');
  const status = ruleVerdict(stages, null);
  const doubts = status === 'clean' ? [] : findings.filter(isDoubt);
  const reasonCodes = [...new Set([...errors, ...doubts].map(({ rule }) => rule))];
  return {
    staticAnalysis: {
      status,
      summary: summaryOf(errors.length, findings.length - errors.length),
      reasonCodes,
      findings: findings.map(wireFinding),
    },
    ...(scanners
      ? { scanners: { status: scanners.verdict ?? 'clean', findings: scanners.findings.map(wireFinding) } }
      : {}),
    stages: stages.map(({ stage, status, endedAt }) => ({ stage, status, endedAt })),
    clawscan: null,
    skillspector: null,
    virustotal: null,
  };
}

function summaryOf(errors: number, others: number): string {
  const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;
  if (errors === 0 && others === 0) return 'Nothing was found.';
  return `Found ${counted(errors, 'error')} and ${counted(others, 'hint')}.`;
}

function wireFinding({ rule, severity, file, line, message, fix }: Finding) {
  const place = { ...(file === undefined ? {} : { file }), ...(line === undefined ? {} : { line }) };
  return { code: rule, severity: wireSeverity(severity), ...place, message, remediation: fix };
}

type Subject = Pick<VettingReport, 'namespace' | 'name' | 'slug' | 'version' | 'sha256'>;

export function wireArtifact({ namespace, name, slug, version, sha256 }: Subject): z.infer<typeof artifactSchema> {
  return { slug: name, ownerHandle: namespace, displayName: slug ?? name, version, sha256 };
}

/** A zip with the report for programs and for people. */
export function reportZip(found: VettingReport): Uint8Array<ArrayBuffer> {
  const report = wireReport(found.stages);
  const { id, source, checkedAt } = found;
  const json = { id, source, checkedAt, artifact: wireArtifact(found), report };
  return writeZipFiles([
    textFile('report.json', `${JSON.stringify(json, null, 2)}\n`),
    textFile('report.md', markdown(found, report)),
  ]);
}

function textFile(path: string, text: string) {
  return { path, bytes: new TextEncoder().encode(text), executable: false };
}

function markdown({ namespace, name, version, source, checkedAt, sha256 }: VettingReport, report: Report): string {
  const { summary } = report.staticAnalysis;
  const findings = [...report.staticAnalysis.findings, ...(report.scanners?.findings ?? [])];
  const lines = [
    `# @${namespace}/${name}@${version}: ${statusOf(report)}`,
    '',
    `${source === 'scan' ? 'Scanned' : 'Vetted'} at ${new Date(checkedAt).toISOString()}. ${summary}`,
    ...(sha256 === null ? [] : ['', `SHA-256 of the zip: \`${sha256}\``]),
    '',
    ...report.stages.map((stage) => `- ${stage.stage}: ${stage.status}`),
    ...findings.flatMap((finding) => ['', `## ${finding.code} (${finding.severity})`, '', ...details(finding)]),
  ];
  return `${lines.join('\n')}\n`;
}

function statusOf({ staticAnalysis, scanners }: Report): string {
  const statuses = [staticAnalysis.status, scanners?.status];
  return (
    statuses.find((status) => status === 'malicious') ?? statuses.find((status) => status === 'suspicious') ?? 'clean'
  );
}

function details({ file, line, message, remediation }: Report['staticAnalysis']['findings'][number]): string[] {
  const place = file === undefined ? [] : [`In \`${oneLine(line === undefined ? file : `${file}:${line}`)}\`.`, ''];
  return [...place, oneLine(message), '', oneLine(remediation)];
}

/** Names of files and excerpts are the publisher's words: they cannot begin a heading of their own. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ');
}
