import type { Segment } from './document.ts';

const MAX_DECODED = 64;
const MAX_ENCODED = 200_000;
const MIN_RUN = 20;
const HEX = /^(?:[\da-f]{2}){16,}$/i;
const ESCAPES = /(?:\\x[\da-f]{2}|\\u00[\da-f]{2}|%[\da-f]{2}){6,}/gi;
const CODES = /(?:\b(?:1[01]\d|12[0-6]|[3-9]\d|10|13|32)\s*,\s*){11,}(?:1[01]\d|12[0-6]|[3-9]\d)\b/g;
const ROT13_USE = /rot_?13|tr\s+['"]?(?:\[?A-Za-z\]?|a-zA-Z)['"]?\s+['"]?\[?[Nn]-[Zz]/;
const REVERSE_USE = /\[::-1\]|\.reverse\(\)|\breversed\(|\|\s*rev\b|\[-1\.\.-/;
const LITERAL = /"([^"\n]{12,600})"|'([^'\n]{12,600})'/g;
const TAGS = /(?:\udb40[\udc20-\udc7e]){4,}/g;

/**
 * What is written in another alphabet in a segment, as segments of their own: base64, hex, escapes, character numbers,
 * tag characters, and the literals of code that turns them round. Only what decodes to plain text; at most 64.
 */
export function decodeHidden(segment: Segment): Segment[] {
  const found: Segment[] = [];
  const { text } = segment;
  const add = (at: number, decoded: string | undefined) => {
    if (decoded === undefined || found.length >= MAX_DECODED || !isPlainText(decoded)) return;
    found.push({
      ...segment,
      kind: 'decoded',
      from: segment.kind,
      line: segment.line + rowsBefore(text, at),
      text: decoded,
    });
  };
  for (const [at, run] of runs(text)) {
    if (HEX.test(run)) add(at, fromHex(run));
    else if (isMixed(run)) add(at, fromBase64(run));
  }
  if (
    text.includes('\\x') ||
    text.includes('\\X') ||
    text.includes('\\u00') ||
    text.includes('\\U00') ||
    /%[\da-f]{2}%/i.test(text)
  ) {
    for (const match of text.matchAll(ESCAPES)) add(match.index, fromHex(match[0].replace(/\\x|\\u00|%/g, '')));
  }
  for (const match of text.matchAll(CODES)) add(match.index, fromCodes(match[0]));
  if (text.includes('\udb40')) for (const match of text.matchAll(TAGS)) add(match.index, fromTags(match[0]));
  if ((text.includes('rot') || text.includes('tr')) && ROT13_USE.test(text))
    for (const [at, literal] of literals(text)) add(at, rot13(literal));
  if (REVERSE_USE.test(text)) for (const [at, literal] of literals(text)) add(at, [...literal].reverse().join(''));
  return found;
}

const DIGITS = new Uint8Array(128);
for (const digit of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/') DIGITS[digit.charCodeAt(0)] = 1;

/** Stretches of at least 20 base64 digits, with their places. Looks first where a stretch would have to reach. */
function* runs(text: string): Generator<[number, string]> {
  for (let start = 0; start + MIN_RUN <= text.length; ) {
    let at = start + MIN_RUN - 1;
    while (at >= start && isDigit(text.charCodeAt(at))) at--;
    if (at >= start) {
      start = at + 1;
      continue;
    }
    let end = start + MIN_RUN;
    while (end < text.length && isDigit(text.charCodeAt(end))) end++;
    yield [start, text.slice(start, end)];
    start = end + 1;
  }
}

function isDigit(code: number): boolean {
  return code < 128 && DIGITS[code] === 1;
}

function rowsBefore(text: string, end: number): number {
  let rows = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) rows++;
  return rows;
}

/** Words of one case, paths and long numbers are base64 in form only. */
function isMixed(text: string): boolean {
  if (text.length > MAX_ENCODED) return false;
  return /[a-z]/.test(text) && /[A-Z]/.test(text) && (text.length >= 32 || /\d/.test(text));
}

function isPlainText(text: string): boolean {
  if (text.length < 10) return false;
  const sample = text.slice(0, 2000);
  const odd = sample.match(/[^\t\n\r -~]/g)?.length ?? 0;
  return odd <= sample.length * 0.02 && /[a-z]{3}/i.test(sample) && /[ ./:=(-]/.test(sample);
}

function fromBase64(text: string): string | undefined {
  const digits = text.replace(/=+$/, '');
  try {
    return atob(digits.slice(0, digits.length - (digits.length % 4 === 1 ? 1 : 0)));
  } catch {
    return undefined;
  }
}

function fromHex(text: string): string | undefined {
  if (text.length > MAX_ENCODED) return undefined;
  let decoded = '';
  for (let at = 0; at + 1 < text.length; at += 2) {
    decoded += String.fromCharCode(Number.parseInt(text.slice(at, at + 2), 16));
  }
  return decoded;
}

function fromCodes(text: string): string {
  return text
    .slice(0, MAX_ENCODED)
    .split(',')
    .map((code) => String.fromCharCode(Number(code)))
    .join('');
}

function fromTags(text: string): string {
  return [...text].map((tag) => String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000)).join('');
}

function* literals(text: string): Generator<[number, string]> {
  for (const match of text.matchAll(LITERAL)) yield [match.index, match[1] ?? match[2] ?? ''];
}

function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });
}
