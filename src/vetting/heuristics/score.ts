import type { HeuristicFinding, HeuristicSeverity, Verdict } from './report.ts';

export const SUSPICIOUS_SCORE = 40;
export const MALICIOUS_SCORE = 100;

/** What the second, third … finding of one rule still counts: ten mentions of a thing are not ten things. */
const REPEATED = 0.15;
const MAX_REPEATED = 3;
/** What a second rule of a category adds: it often sees the same thing in another way. */
const SAME_CATEGORY = 0.5;
/** Findings below this say something to a reader and nothing about the bundle. */
const NOISE = 8;
const NOTABLE = 15;
const STRONG = 25;
const MAX_WEAK = 30;
const MAX_SPREAD = 60;

/** The severity of a finding by its points. */
export function severityOf(points: number): HeuristicSeverity {
  if (points >= 80) return 'critical';
  return points >= 30 ? 'warn' : 'info';
}

/**
 * Turns findings into a score and a verdict. The heaviest finding of each rule counts whole and up to three more of the
 * same rule with 15 %; a further rule of a category counts half. Advice of fewer than 8 points counts nothing. Findings below 25 points are weak: together they
 * count at most 30, or 60 when they are of three categories and the skill is not about security.
 */
export function judge(findings: readonly HeuristicFinding[], isSecurity: boolean): { score: number; verdict: Verdict } {
  const byRule = Map.groupBy(
    findings.filter((finding) => finding.points >= NOISE),
    (finding) => finding.rule,
  );
  let strong = 0;
  let weak = 0;
  const categories = new Set<string>();
  const weakCategories = new Set<string>();
  const heaviestFirst = [...byRule.values()].map((found) => found.sort((a, b) => b.points - a.points));
  heaviestFirst.sort((a, b) => (b[0]?.points ?? 0) - (a[0]?.points ?? 0));
  for (const [first, ...others] of heaviestFirst) {
    if (first === undefined) continue;
    const repeated = others.slice(0, MAX_REPEATED).reduce((sum, { points }) => sum + points * REPEATED, 0);
    const points = (first.points + repeated) * (categories.has(first.category) ? SAME_CATEGORY : 1);
    categories.add(first.category);
    if (first.points >= STRONG) strong += points;
    else {
      weak += points;
      if (first.points >= NOTABLE) weakCategories.add(first.category);
    }
  }
  const isSpread = weakCategories.size >= 3 && !isSecurity;
  const score = Math.round(strong + Math.min(weak, isSpread ? MAX_SPREAD : MAX_WEAK));
  return { score, verdict: verdictOf(score) };
}

function verdictOf(score: number): Verdict {
  if (score >= MALICIOUS_SCORE) return 'malicious';
  return score >= SUSPICIOUS_SCORE ? 'suspicious' : 'clean';
}
