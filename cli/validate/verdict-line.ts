import { MALICIOUS_SCORE, SUSPICIOUS_SCORE } from '../../src/vetting/heuristics/index.ts';
import type { CheckedSkill } from '../check-skill.ts';

const MEANING: Record<CheckedSkill['verdict'], string> = {
  clean: `${SUSPICIOUS_SCORE} and more is suspicious`,
  suspicious: `${SUSPICIOUS_SCORE} and more is suspicious, ${MALICIOUS_SCORE} and more malicious`,
  malicious: `${MALICIOUS_SCORE} and more is malicious`,
};

/** What the examination for signs of harm came to, and what follows from it at a registry with the default policy. */
export function verdictLine({ verdict, score }: Pick<CheckedSkill, 'verdict' | 'score'>): string {
  const held = verdict === 'malicious' ? '; a registry would hold it back until a person has looked at it' : '';
  return `examination: ${verdict} (score ${score}; ${MEANING[verdict]})${held}`;
}
