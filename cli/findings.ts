import type { Finding } from '../src/format/finding.ts';
import type { CliContext } from './context.ts';
import { paint } from './terminal.ts';

const COLOUR = { error: 'red', warning: 'yellow', info: 'dim' } as const;

/** A finding for people: what and where on the first line, then evidence if the examination has it, last what to do. */
export function formatFinding(context: CliContext, finding: Finding): string {
  const { severity, rule, message, fix, file, line, excerpt, why } = finding;
  const evidence = why === undefined ? '' : `${excerpt === undefined ? '' : `\n  found: ${excerpt}`}\n  why: ${why}`;
  const place = file === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `;
  return `${place}${paint(context, COLOUR[severity], severity)}: ${message} (${rule})${evidence}\n  fix: ${fix}`;
}

export function countFindings(findings: readonly Finding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.filter(({ severity }) => severity === 'warning').length;
  return `${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
}
