import type { SkillSummary } from '../../core/catalog/skill-summaries.ts';
import type { DescribedVersion } from '../../core/catalog/skill-versions.ts';

/** A part of a longer list. */
export interface Slice {
  limit: number;
  offset: number;
  /** Bounded, as the use case says. */
  total: number;
  hasMore: boolean;
}

/** What a search was asked for. */
export interface Query {
  q: string;
  tags: string[];
  capabilities: string[];
  frameworks: string[];
}

/**
 * Keys that stand beside ClawHub's in answers on paths which another dialect has as well: pure functions of what was
 * read for ClawHub's own answer.
 */
export interface Extras {
  list(skills: readonly SkillSummary[], slice: Slice): object;
  search(found: readonly { skill: SkillSummary; score: number }[], slice: Slice, query: Query): object;
  detail(skill: SkillSummary, versions: readonly DescribedVersion[]): object;
}

/** ClawHub's answers and nothing else. */
export const NO_EXTRAS: Extras = { list: () => ({}), search: () => ({}), detail: () => ({}) };
