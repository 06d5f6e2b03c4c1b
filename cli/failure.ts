import type { Finding } from '../src/format/finding.ts';
import { FormatError } from '../src/format/format-error.ts';
import { UserError } from './user-error.ts';

/** A UserError that programs can tell from others. */
export class CodedError extends UserError {
  /** Stable, for programs; the codes of the registry and the command line's own. */
  readonly code: string;

  constructor(code: string, message: string, fix: string, exitCode: 1 | 2 | 4 = 1, options?: ErrorOptions) {
    super(message, fix, exitCode, options);
    this.name = 'CodedError';
    this.code = code;
  }
}

/** A mistake in how the command was called: exit code 2. */
export function usageError(message: string, fix: string): CodedError {
  return new CodedError('usage', message, fix, 2);
}

/** A skill that breaks rules; programs get the findings beside the error. */
export class InvalidSkill extends CodedError {
  readonly findings: readonly Finding[];

  constructor(message: string, fix: string, findings: readonly Finding[]) {
    super('invalid_skill', message, fix);
    this.name = 'InvalidSkill';
    this.findings = findings;
  }
}

/** How a command ends that could not do its work. */
export interface Failure {
  code: string;
  message: string;
  fix: string;
  exitCode: number;
}

/** Describes whatever was thrown; what is not the user's to mend is a bug of ours. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof CodedError) return pick(error, error.code);
  if (error instanceof UserError) return pick(error, CODES[error.exitCode]);
  if (error instanceof FormatError) {
    const { code, message, fix, file, line } = error;
    const place = file === undefined || line === undefined ? '' : `${file}:${line}: `;
    // Only what is named on the command line is read as a reference.
    return { code, message: `${place}${message}`, fix, exitCode: code === 'invalid_name' ? 2 : 1 };
  }
  const [message] = (error instanceof Error ? error.message : String(error)).split('\n', 1);
  return {
    code: 'bug',
    message: `Unexpected: ${message}`,
    fix: 'Run it again with --debug, and report what it prints.',
    exitCode: 1,
  };
}

const CODES = { 1: 'failed', 2: 'usage', 4: 'unauthorized' } as const;

function pick({ message, fix, exitCode }: UserError, code: string): Failure {
  return { code, message, fix, exitCode };
}
