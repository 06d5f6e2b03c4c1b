/** What a program is called that does not say what it is. */
export const UNNAMED_CLIENT = 'command line';

/** As long as the label of a key may be; in code points. */
const MAX_LABEL = 64;

/**
 * What a client says it is, fit to be shown in one line and kept with its key: control characters and those that turn
 * the direction of writing become spaces, and what is too long is cut. Empty when nothing is left.
 */
export function clientLabel(text: string): string {
  const line = text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  return [...line].slice(0, MAX_LABEL).join('').trimEnd();
}
