import { scanForSecrets } from './scan.ts';

const MAX_SHOWN = 4;
const MAX_WORD = 400;
/** Words that could be credentials of a format nobody knows: long, with letters and digits. */
const KEY_LIKE = /(?<![\w/-])(?=[\w+-]{0,60}\d)(?=[\w+-]{0,60}[A-Za-z])[\w+-]{24,400}/g;

/** What may be shown and stored of a credential: a fifth of it, at most four characters, and its length; of several lines nothing. */
export function maskSecret(secret: string): string {
  const shown = /\s/.test(secret) ? 0 : Math.min(MAX_SHOWN, Math.floor(secret.length / 5));
  return `${secret.slice(0, shown)}… (${secret.length} characters)`;
}

/**
 * A text that is safe to show: credentials of known formats and every long word with letters and digits keep at most
 * four characters. The caller passes what it shows with some text around it, since half a credential has no format.
 *
 * @param from where what is shown begins, at the latest: a word or credential that it stands within is taken as a whole
 */
export function maskSecrets(text: string, from = 0): string {
  const spans = [...scanForSecrets(text)];
  const around = spans.find(({ start, secret }) => start < from && from < start + secret.length);
  let safe = text.slice(around?.start ?? wordStart(text, from));
  for (const secret of new Set(spans.map(({ secret }) => secret))) {
    safe = safe.replaceAll(secret, () => maskSecret(secret));
  }
  return safe.replace(KEY_LIKE, maskSecret);
}

function wordStart(text: string, index: number): number {
  const before = text.slice(Math.max(0, index - MAX_WORD), index);
  return index - (/[\w+-]*$/.exec(before)?.[0].length ?? 0);
}
