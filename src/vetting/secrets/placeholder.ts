const PLACEHOLDER_WORDS =
  /example|sample|placeholder|your[_-]?|redacted|replace|changeme|change[_-]me|dummy|fake|todo|notreal|process\.env|x{4,}|\*{3,}|\.{3}|<|>|\$\{|\$\(|\{\{|a1b2c3|b2c3d4|qwerty|asdfgh|deadbeef|(.)\1{5,}/i;
const LITERAL_WORDS =
  /test|demo|mock|secret|password|passwd|p[a4]ssw[o0]rd|token|api[_-]?key|private[_-]?key|insert|enter|here|none|null|undefined|environ|getenv|keychain/i;
const MIN_DISTINCT = 8;
const MIN_ENTROPY = 3.5;
const MIN_DIGIT_RUN = 5;
const MIN_LETTER_RUN = 6;

/**
 * True for what documentation puts in place of a credential: known words, words joined to a phrase, sequences such as
 * `12345`, repeated characters, and text of too few different characters.
 */
export function isPlaceholder(secret: string): boolean {
  if (new Set(secret).size < MIN_DISTINCT) return true;
  return PLACEHOLDER_WORDS.test(secret) || hasSequence(secret) || isPhrase(secret);
}

/**
 * True when a value looks drawn at random: at least 3.5 bits a character, letters and digits mixed,
 * and neither a placeholder, a reference to a variable, a URL nor a block chain address.
 */
export function isRandomLiteral(value: string): boolean {
  if (!/[0-9]/.test(value) || !/[A-Za-z]/.test(value)) return false;
  if (isPlaceholder(value) || LITERAL_WORDS.test(value)) return false;
  if (/^[$%@#{(/.~]|:\/\/|[(){}[\]$\\]/.test(value)) return false;
  return !isChainAddress(value) && entropy(value) >= MIN_ENTROPY;
}

/** Shannon entropy of the characters of a text, in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Characters that follow each other up or down: five digits or six letters. */
function hasSequence(text: string): boolean {
  let run = 1;
  let step = 0;
  for (let index = 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const next = code - text.charCodeAt(index - 1);
    run = (next === 1 || next === -1) && next === step ? run + 1 : 2;
    step = next;
    if (Math.abs(step) === 1 && run >= (code <= 0x39 ? MIN_DIGIT_RUN : MIN_LETTER_RUN)) return true;
  }
  return false;
}

/** Public by nature: an address or contract on a block chain (Ethereum's 20 bytes in hex, Solana's 32 in base58). */
function isChainAddress(value: string): boolean {
  return /^0x[0-9a-f]{40}$/i.test(value) || /^[1-9A-HJ-NP-Za-km-z]{43,44}$/.test(value);
}

/** Words joined by `-`, `_`, `.`, `/` or `:`, with at most short numbers between them: an identifier, not a secret. */
function isPhrase(value: string): boolean {
  const words = value.split(/[-_./:]+/).filter(Boolean);
  return words.length > 1 && words.every((each) => /^([A-Za-z]{1,20}[0-9]{0,4}|[0-9]{1,4})$/.test(each));
}
