import type { Severity } from '../format/finding.ts';
import { maskSecret } from './secrets/mask.ts';
import { scanForSecrets } from './secrets/scan.ts';

/** A place in a text that looks like a real credential. */
export interface SecretMatch {
  /** Kebab-case id of the rule. */
  rule: string;
  /** What kind of credential it is, for people. */
  label: string;
  /** `error` for what works as a credential, `warning` for one that the issuer made for tests. */
  severity: Severity;
  /** Counted from 1. */
  line: number;
  /** At most the first four characters and the length: safe to show and store. */
  masked: string;
}

/**
 * Finds credentials in a text, in the order of their places, each distinct one once. Placeholders do not count.
 * @param max the search ends when it has found so many
 */
export function findSecrets(text: string, max = Number.POSITIVE_INFINITY): SecretMatch[] {
  const seen = new Set<string>();
  const matches: SecretMatch[] = [];
  if (max <= 0) return matches;
  const lineAt = lineCounter(text);
  for (const { rule, secret, severity, start } of scanForSecrets(text)) {
    if (seen.has(secret)) continue;
    seen.add(secret);
    const { id, label } = rule;
    matches.push({ rule: id, label, severity, line: lineAt(start), masked: maskSecret(secret) });
    if (matches.length >= max) return matches;
  }
  return matches;
}

/** Returns what tells the line of a place, for places that are asked for in ascending order. */
function lineCounter(text: string): (index: number) => number {
  let line = 1;
  let next = text.indexOf('\n');
  return (index) => {
    for (; next !== -1 && next < index; next = text.indexOf('\n', next + 1)) line++;
    return line;
  };
}
