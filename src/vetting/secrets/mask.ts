import { scanForSecrets } from './scan.ts';

const MAX_SHOWN = 4;
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
 */
export function maskSecrets(text: string): string {
  const secrets = new Set([...scanForSecrets(text)].map(({ secret }) => secret));
  let safe = text;
  for (const secret of secrets) safe = safe.replaceAll(secret, () => maskSecret(secret));
  return safe.replace(KEY_LIKE, maskSecret);
}
