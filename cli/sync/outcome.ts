import type { Finding } from '../../src/format/finding.ts';
import type { BaseCommand } from '../base-command.ts';
import { describeFailure, InvalidSkill } from '../failure.ts';
import { formatFinding } from '../findings.ts';
import { paint } from '../terminal.ts';
import type { Synced } from './sync-skill.ts';

/** What became of a skill, as --json tells it. */
export interface Outcome {
  path: string;
  /** `@namespace/name`; null for a skill that cannot be read. */
  skill: string | null;
  status: 'published' | 'to-publish' | 'unchanged' | 'failed';
  /** The version that was or would be published, or that has these files; null after a failure. */
  version: string | null;
  /** The newest one of the registry before; null for a new skill, and after a failure. */
  newest: string | null;
  /** True when the version that has these files was yanked. */
  yanked?: true;
  /** The newest version that is not yanked, when these are the files of an older one. */
  current?: string;
  /** The files that the version was written into. */
  written: string[];
  error?: { code: string; message: string; fix: string };
  findings?: readonly Finding[];
}

/** The end of a skill that was compared, and published if need be. */
export function succeeded(path: string, skill: string, synced: Synced, written: string[]): Outcome {
  const { kind, version, newest = null, published, yanked, current } = synced;
  const status = kind === 'unchanged' ? kind : published ? 'published' : 'to-publish';
  const age = { ...(yanked ? { yanked } : {}), ...(current === undefined ? {} : { current }) };
  return { path, skill, status, version, newest, ...age, written };
}

/** The end of a skill that was not. Whatever was thrown, the others go on. */
export function failed(path: string, skill: string | null, thrown: unknown, written: string[] = []): Outcome {
  const { exitCode: _, ...error } = describeFailure(thrown);
  const findings = thrown instanceof InvalidSkill ? { findings: thrown.findings } : {};
  return { path, skill, status: 'failed', version: null, newest: null, written, error, ...findings };
}

/** An outcome for people. */
export function outcomeLines(
  { context }: Pick<BaseCommand, 'context'>,
  { path, skill, status, version, newest, yanked, current, written, error, findings = [] }: Outcome,
): string[] {
  if (error !== undefined) {
    return [
      `${paint(context, 'red', '✗ failed')} ${skill ?? path}: ${error.message}`,
      ...findings.map((finding) => formatFinding(context, finding).replace(/^/gm, '  ')),
      ...(written.length === 0 ? [] : [`  The next version is written into ${written.join(' and ')} all the same.`]),
      `  ${paint(context, 'bold', 'fix:')} ${error.fix}`,
    ];
  }
  const ref = `${skill}@${version}`;
  if (status === 'unchanged') {
    const age = yanked ? ' (yanked)' : current === undefined ? '' : ` (older than ${current})`;
    return [`${paint(context, 'dim', '· unchanged')} ${ref}${age}`];
  }
  const before = newest === null ? ' (new)' : newest === version ? '' : ` (after ${newest})`;
  const files = written.length === 0 ? '' : `, written into ${written.join(' and ')}`;
  const done = status === 'published' ? '✓ published' : '+ to publish';
  return [`${paint(context, 'green', done)} ${ref}${before}${files}`];
}
