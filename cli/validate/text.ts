import type { CliContext } from '../context.ts';
import { countFindings, formatFinding } from '../findings.ts';
import { paint } from '../terminal.ts';
import { shownPath } from './place.ts';
import type { SkillReport } from './report.ts';
import { verdictLine } from './verdict-line.ts';

/** Reports for programs. */
export function reportDocument(cwd: string, reports: readonly SkillReport[]) {
  const findings = reports.flatMap((report) => report.findings);
  return {
    valid: reports.every(({ valid }) => valid),
    errors: findings.filter(({ severity }) => severity === 'error').length,
    warnings: findings.filter(({ severity }) => severity === 'warning').length,
    skills: reports.map(({ path, archive: _, ...report }) => ({ path: shownPath(cwd, path), ...report })),
  };
}

/** Reports for people: the findings of each skill and what they come to; with several skills a sum at the end. */
export function reportLines(context: CliContext, reports: readonly SkillReport[]): string[] {
  const lines = reports.flatMap((report) => linesOf(context, report));
  if (reports.length === 1) return lines;
  const valid = reports.filter((report) => report.valid).length;
  const findings = countFindings(reports.flatMap((report) => report.findings));
  return [...lines, `${reports.length} skills: ${valid} valid, ${reports.length - valid} not (${findings})`];
}

function linesOf(context: CliContext, { path, name, valid, verdict, score, findings }: SkillReport): string[] {
  const shown = shownPath(context.cwd, path);
  const passed =
    verdict === 'malicious' ? paint(context, 'yellow', '! valid, but malicious') : paint(context, 'green', '✓ valid');
  const mark = valid ? passed : paint(context, 'red', '✗ not valid');
  return [
    ...findings.map(({ file, ...finding }) => formatFinding(context, { ...finding, ...placed(shown, file) })),
    ...(verdict === null || score === null ? [] : [verdictLine({ verdict, score })]),
    `${mark}: ${name ?? shown} (${countFindings(findings)})`,
  ];
}

/** The place of a file as one can open it from where one is. */
function placed(folder: string, file: string | undefined): { file?: string } {
  if (folder === '.') return file === undefined ? {} : { file };
  return { file: file === undefined ? folder : `${folder}/${file}` };
}
