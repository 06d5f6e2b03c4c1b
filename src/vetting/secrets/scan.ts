import type { Severity } from '../../format/finding.ts';
import { entropy, isPlaceholder } from './placeholder.ts';
import type { SecretRule } from './rule.ts';
import { SECRET_RULES } from './rules.ts';

/** Where a credential stands in a text. */
export interface SecretSpan {
  rule: SecretRule;
  secret: string;
  severity: Severity;
  /** Index of its first character. */
  start: number;
}

interface Anchor {
  keyword: string;
  rules: SecretRule[];
}

const DEFAULT_MIN_ENTROPY = 3;
const NEAR = 200;
const WIDELY = 2000;
/** Three characters make a key of 15 bits; the low five bits of a letter are the same in either case. */
const TRIGRAMS = 1 << 15;

const ANCHORS = anchorsOf(SECRET_RULES);
/** For three characters, the index of the anchors that begin with them; 0 for none. */
const BUCKET_OF = new Uint16Array(TRIGRAMS);
const BUCKETS: Anchor[][] = [[]];
for (const anchor of ANCHORS) {
  const key = [...anchor.keyword.slice(0, 3)].reduce((sum, char) => trigram(sum, char.charCodeAt(0)), 0);
  if (BUCKET_OF[key] === 0) BUCKET_OF[key] = BUCKETS.push([]) - 1;
  BUCKETS[BUCKET_OF[key] ?? 0]?.push(anchor);
}

/**
 * Yields the credentials of a text in the order of their places. The text is read once: a rule's pattern is tried only
 * where one of its keywords stands, so the work grows with the text and the number of such places.
 */
export function* scanForSecrets(text: string): Generator<SecretSpan> {
  let pending: SecretSpan | undefined;
  let taken = 0;
  for (let index = 0, key = 0; index < text.length; index++) {
    key = trigram(key, text.charCodeAt(index));
    const slot = BUCKET_OF[key];
    if (!slot || index < 2) continue;
    const found = firstIn(text, index - 2, taken, BUCKETS[slot] ?? []);
    if (found === undefined) continue;
    // A generic match waits until the place of its value is read, as an issuer's format inside it says more.
    if (pending && found.start >= pending.start + pending.secret.length) yield pending;
    pending = undefined;
    if (found.rule.generic) {
      pending = found;
      continue;
    }
    taken = found.start + found.secret.length;
    yield found;
  }
  if (pending) yield pending;
}

function trigram(key: number, code: number): number {
  return ((key << 5) | (code & 31)) & (TRIGRAMS - 1);
}

function firstIn(text: string, index: number, taken: number, bucket: Anchor[]): SecretSpan | undefined {
  for (const { keyword, rules } of bucket) {
    if (!standsAt(text, index, keyword)) continue;
    for (const rule of rules) {
      const span = matchAt(text, index - (rule.back ?? 0), rule);
      if (span && span.start >= taken) return span;
    }
  }
  return undefined;
}

/** Compares without case; two signs that differ like letters of either case are left to the pattern. */
function standsAt(text: string, index: number, keyword: string): boolean {
  for (let at = 0; at < keyword.length; at++) {
    if ((text.charCodeAt(index + at) | 0x20) !== (keyword.charCodeAt(at) | 0x20)) return false;
  }
  return true;
}

function matchAt(text: string, index: number, rule: SecretRule): SecretSpan | undefined {
  if (index < 0) return undefined;
  rule.pattern.lastIndex = index;
  const match = rule.pattern.exec(text);
  const secret = match?.groups?.secret;
  if (match === null || secret === undefined) return undefined;
  const start = match.index + match[0].lastIndexOf(secret);
  if (!isReal(rule, secret, around(text, start, secret.length, NEAR), around(text, start, secret.length, WIDELY))) {
    return undefined;
  }
  const forTests = rule.adviceNear?.test(around(text, start, secret.length, NEAR));
  return { rule, secret, start, severity: forTests ? 'warning' : (rule.severity ?? 'error') };
}

function isReal(rule: SecretRule, secret: string, near: string, widely: string): boolean {
  if (rule.near && !rule.near.test(near)) return false;
  if (!rule.judgesAlone && !looksRandom(rule, secret)) return false;
  return rule.isReal?.(secret, widely) ?? true;
}

function around(text: string, start: number, length: number, distance: number): string {
  return text.slice(Math.max(0, start - distance), start + length + distance);
}

function looksRandom(rule: SecretRule, secret: string): boolean {
  return !isPlaceholder(secret) && entropy(secret) >= (rule.minEntropy ?? DEFAULT_MIN_ENTROPY);
}

function anchorsOf(rules: readonly SecretRule[]): Anchor[] {
  const anchors = new Map<string, Anchor>();
  for (const rule of rules) {
    for (const keyword of rule.keywords) {
      const folded = keyword.toLowerCase();
      const anchor = anchors.get(folded) ?? { keyword: folded, rules: [] };
      anchors.set(folded, anchor);
      anchor.rules.push(rule);
    }
  }
  return [...anchors.values()];
}
