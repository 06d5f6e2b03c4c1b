import type { Finding } from '../../src/format/finding.ts';
import { placeOf } from './place.ts';
import type { SkillReport } from './report.ts';

const COMMAND = { error: 'error', warning: 'warning', info: 'notice' } as const;

/** A finding as a workflow command of GitHub Actions, which shows it at the line of a pull request. */
export function annotation(cwd: string, report: SkillReport, finding: Finding): string {
  const { path, line, inside } = placeOf(cwd, report, finding);
  const properties = [
    `file=${escapeProperty(path)}`,
    ...(line === undefined ? [] : [`line=${line}`]),
    `title=${escapeProperty(finding.rule)}`,
  ];
  const message = `${inside}${finding.message}\nfix: ${finding.fix}`;
  return `::${COMMAND[finding.severity]} ${properties.join(',')}::${escapeData(message)}`;
}

/** Nothing in a file may end the command and begin another one. */
function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
