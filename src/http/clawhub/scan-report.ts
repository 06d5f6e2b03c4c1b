import type * as z from 'zod';
import type { VettingReport } from '../../core/moderation/get-report.ts';
import type { StageResult } from '../../db/schema/jobs.ts';
import { type Finding, hasBlockingFinding } from '../../format/finding.ts';
import { writeZipFiles } from '../../format/zip-write.ts';
import type { artifactSchema, scanReportSchema } from './scan-schemas.ts';
import { wireSeverity } from './wire.ts';

type Report = z.infer<typeof scanReportSchema>;

/** What the stages of vetting found, as ClawHub's clients print it. */
export function wireReport(stages: readonly StageResult[]): Report {
  const findings = stages.flatMap((stage) => stage.findings);
  const errors = findings.filter(({ severity }) => severity === 'error');
  const reasonCodes = [...new Set(errors.map(({ rule }) => rule))];
  return {
    staticAnalysis: {
      status: hasBlockingFinding(findings) ? 'suspicious' : 'clean',
      summary: summaryOf(errors.length, findings.length - errors.length),
      reasonCodes,
      findings: findings.map(wireFinding),
    },
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
  const { status, summary, findings } = report.staticAnalysis;
  const lines = [
    `# @${namespace}/${name}@${version}: ${status}`,
    '',
    `${source === 'scan' ? 'Scanned' : 'Vetted'} at ${new Date(checkedAt).toISOString()}. ${summary}`,
    ...(sha256 === null ? [] : ['', `SHA-256 of the zip: \`${sha256}\``]),
    '',
    ...report.stages.map((stage) => `- ${stage.stage}: ${stage.status}`),
    ...findings.flatMap((finding) => ['', `## ${finding.code} (${finding.severity})`, '', ...details(finding)]),
  ];
  return `${lines.join('\n')}\n`;
}

function details({ file, line, message, remediation }: Report['staticAnalysis']['findings'][number]): string[] {
  const place = file === undefined ? [] : [`In \`${oneLine(line === undefined ? file : `${file}:${line}`)}\`.`, ''];
  return [...place, oneLine(message), '', oneLine(remediation)];
}

/** Names of files and excerpts are the publisher's words: they cannot begin a heading of their own. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ');
}
