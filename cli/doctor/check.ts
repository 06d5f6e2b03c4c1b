import { UserError } from '../user-error.ts';

/** What was looked at. */
export type Subject = 'node' | 'home' | 'configuration' | 'proxy' | 'registry' | 'clock' | 'keys' | 'login' | 'skills';

/** What came of it. A warning is something to know of, a problem something to mend. */
export interface Check {
  subject: Subject;
  status: 'ok' | 'warning' | 'problem';
  /** A sentence for people. */
  message: string;
  /** What to do; always there but for `ok`. */
  fix?: string;
}

export const ok = (subject: Subject, message: string): Check => ({ subject, status: 'ok', message });

export const warning = (subject: Subject, message: string, fix: string): Check => ({
  subject,
  status: 'warning',
  message,
  fix,
});

export const problem = (subject: Subject, message: string, fix: string): Check => ({
  subject,
  status: 'problem',
  message,
  fix,
});

/** What an examination finds; what it fails with, if that is for users to read, is a problem, too. */
export async function examine(subject: Subject, look: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [problem(subject, error.message, error.fix)];
  }
}
