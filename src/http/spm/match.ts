import type { SkillSummary } from '../../core/catalog/skill-summaries.ts';

export interface Query {
  q: string;
  tags: string[];
  capabilities: string[];
  frameworks: string[];
}

/** A score without an upper end, brought to between 0 and 1 in the same order, to four digits. */
export function matchScore(score: number): number {
  return Math.round((score / (1 + score)) * 10_000) / 10_000;
}

/** Why a skill is among the results: where each word of the query is found first, and every filter that it passed. */
export function matchReasons(skill: SkillSummary, { q, tags, capabilities, frameworks }: Query): string[] {
  const words = q.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return [
    ...words.flatMap((word) => placeOf(skill, word) ?? []),
    ...tags.map((tag) => `tag match: ${tag}`),
    ...capabilities.map((capability) => `capability match: ${capability}`),
    ...frameworks.map((framework) => `framework match: ${framework}`),
  ];
}

function placeOf(skill: SkillSummary, word: string): string | undefined {
  const places: [string, string[]][] = [
    ['name', [skill.name]],
    ['keyword', skill.keywords],
    ['capability', skill.latest.metadata.capabilities ?? []],
    ['description', [skill.summary]],
    ['author', [skill.namespace]],
  ];
  const place = places.find(([, texts]) => texts.some((text) => text.toLowerCase().includes(word)));
  return place && `${place[0]} match: ${word}`;
}
