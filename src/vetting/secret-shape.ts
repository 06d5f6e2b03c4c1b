const PLACEHOLDER_WORDS =
  /example|sample|placeholder|your[_-]?|redacted|replace|changeme|change[_-]me|dummy|fake|todo|notreal|x{4,}|\*{3,}|\.{3}|<|>|\$\{|\$\(|\{\{|abcdef|fedcba|12345|54321|a1b2c3|b2c3d4|qwerty|(.)\1{5,}/i;
const LITERAL_WORDS =
  /test|demo|mock|secret|password|passwd|token|api[_-]?key|private[_-]?key|insert|enter|here|none|null|undefined|process\.env|environ|getenv|keychain/i;
const MIN_DISTINCT = 8;
const MIN_ENTROPY = 3.5;
const BASE64 = new Set(
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].map((digit) => digit.charCodeAt(0)),
);
const MIN_KEY_RUN = 60;
/** Enough for an RSA key of 4,096 bits with its line ends; a longer one is judged by its end. */
const MAX_KEY_BODY = 4000;

/** True for what documentation puts in place of a credential: known words, runs, and text of too few different characters. */
export function isPlaceholder(secret: string): boolean {
  return new Set(secret).size < MIN_DISTINCT || PLACEHOLDER_WORDS.test(secret);
}

/**
 * True when a quoted value looks drawn at random: at least 3.5 bits a character, letters and digits mixed,
 * and neither a placeholder, a reference to a variable, a URL, a block chain address nor a phrase of words.
 */
export function isRandomLiteral(value: string): boolean {
  if (!/[0-9]/.test(value) || !/[A-Za-z]/.test(value)) return false;
  if (isPlaceholder(value) || LITERAL_WORDS.test(value)) return false;
  if (/^[$%@#{(/.~]|:\/\/|[(){}[\]$\\]/.test(value)) return false;
  if (isPhrase(value) || isChainAddress(value)) return false;
  return entropy(value) >= MIN_ENTROPY;
}

/** Public by nature: an address or contract on a block chain (Ethereum's 20 bytes in hex, Solana's 32 in base58). */
function isChainAddress(value: string): boolean {
  return /^0x[0-9a-f]{40}$/i.test(value) || /^[1-9A-HJ-NP-Za-km-z]{43,44}$/.test(value);
}

/** Words joined by `-`, `_`, `.`, `/` or `:`, with at most short numbers between them: an identifier, not a secret. */
function isPhrase(value: string): boolean {
  const words = value.split(/[-_./:]+/).filter(Boolean);
  return words.length > 1 && words.every((word) => /^([A-Za-z]{1,20}[0-9]{0,4}|[0-9]{1,4})$/.test(word));
}

/** Shannon entropy of the characters of a text, in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** True when the text between the lines of a PEM block ends in key material and not in an ellipsis or a comment. */
export function isKeyBody(body: string): boolean {
  const packed = body.slice(-MAX_KEY_BODY).replace(/\\[nr]|["'+,\s]/g, '');
  const run = trailingBase64(packed);
  const start = run.slice(0, MIN_KEY_RUN);
  return start.length === MIN_KEY_RUN && !isPlaceholder(start) && entropy(run) >= 4;
}

/** The base64 digits at the end of a text, without their padding. */
function trailingBase64(text: string): string {
  const end = text.length - (/={1,2}$/.exec(text.slice(-2))?.[0].length ?? 0);
  let start = end;
  while (start > 0 && BASE64.has(text.charCodeAt(start - 1))) start--;
  return text.slice(start, end);
}

/** True for the tokens of tutorials: their claims hold the name or subject that every tutorial uses. */
export function isDocumentedJwt(token: string): boolean {
  const claims = token.split('.')[1] ?? '';
  const text = decodeBase64Url(claims);
  return text === undefined || /"1234567890"|john doe|example|test|placeholder/i.test(text);
}

function decodeBase64Url(text: string): string | undefined {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return undefined;
  }
}
