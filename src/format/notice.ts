import { findDeceptive } from './visible-text.ts';

/** Characters that a publisher's notice to users may have. */
export const MAX_NOTICE = 500;

/**
 * Says in a sentence what is wrong with a notice that commands and pages show beside a skill, or returns undefined: one line of
 * 1 to 500 characters without anything that could deceive whoever reads it on a terminal.
 */
export function checkNotice(text: string): string | undefined {
  if (text.trim() === '') return 'the message must not be empty';
  const length = text.length <= MAX_NOTICE ? text.length : [...text].length;
  if (length > MAX_NOTICE) return `the message is ${length} characters long; the maximum is ${MAX_NOTICE}`;
  if (/[\t\n\r]/.test(text)) return 'the message must be one line';
  const deceptive = findDeceptive(text);
  return deceptive === undefined ? undefined : `the message holds ${deceptive.name}, which cannot be shown`;
}
