import type { OwaspId } from './owasp.ts';

export type Verdict = 'clean' | 'suspicious' | 'malicious';
export type HeuristicSeverity = 'info' | 'warn' | 'critical';

/** The kinds of harm that rules look for; the part of a rule id before the dot. */
export const CATEGORIES = [
  'hidden-text',
  'prompt-injection',
  'remote-instructions',
  'fetch-and-run',
  'fake-prerequisite',
  'credential-access',
  'exfiltration',
  'remote-control',
  'persistence',
  'destruction',
  'obfuscation',
  'executable',
  'privilege',
  'evasion',
  'agent-tampering',
  'fraud',
  'surveillance',
  'mismatch',
] as const;

export type Category = (typeof CATEGORIES)[number];

/** One place in a bundle that looks harmful. */
export interface HeuristicFinding {
  /** `category.name`, stable between engine versions. */
  rule: string;
  category: Category;
  owasp: readonly OwaspId[];
  severity: HeuristicSeverity;
  /** Path inside the bundle. */
  file: string;
  /** Counted from 1. */
  line: number;
  /** At most 160 characters; what looks like a key is masked, control and invisible characters are escaped. */
  excerpt: string;
  /** What the place adds to the score, after its context was weighed. */
  points: number;
  why: string;
  fix: string;
}

export interface HeuristicReport {
  /** Changes whenever the same bundle may be judged differently. */
  engineVersion: string;
  verdict: Verdict;
  /** 0 for nothing found; see `SUSPICIOUS_SCORE` and `MALICIOUS_SCORE`. */
  score: number;
  /** The heaviest first. */
  findings: HeuristicFinding[];
}
