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

/** Tells why a skill is among the results: where each word of the query is found first, and every filter that it passed. */
export function matchReasonsOf({ q, tags, capabilities, frameworks }: Query): (skill: SkillSummary) => string[] {
  const words = q.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  const passed = [
    ...tags.map((tag) => `tag match: ${tag}`),
    ...capabilities.map((capability) => `capability match: ${capability}`),
    ...frameworks.map((framework) => `framework match: ${framework}`),
  ];
  return (skill) => {
    const places = placesOf(skill);
    const found = words.flatMap((word) => {
      const place = places.find(({ text }) => text.includes(word));
      return place === undefined ? [] : [`${place.name} match: ${word}`];
    });
    return [...found, ...passed];
  };
}

/** Where words are looked for, in lower case; a word never holds what the texts of a list are joined by. */
function placesOf(skill: SkillSummary): { name: string; text: string }[] {
  const { capabilities = [] } = skill.latest.metadata;
  return [
    { name: 'name', text: skill.name },
    { name: 'keyword', text: skill.keywords.join('\n').toLowerCase() },
    { name: 'capability', text: capabilities.join('\n').toLowerCase() },
    { name: 'description', text: skill.summary.toLowerCase() },
    { name: 'author', text: skill.namespace },
  ];
}
