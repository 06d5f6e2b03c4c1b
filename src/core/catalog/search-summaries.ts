import { eq, isNull } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { skillCards } from '../../db/schema/faces.ts';
import { upTo } from '../../db/up-to.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { matchOf, totalOf } from './search.ts';
import { firstOf, PAGE_SIZE, type SearchInput } from './search-hit.ts';
import { type SkillSummary, SUMMARY_COLUMNS, toSummary } from './skill-summaries.ts';

export interface ScoredSummary {
  skill: SkillSummary;
  /** As in `SearchHit`. */
  score: number;
}

/** What `search` finds with a query, in the same order, with the summary of each. One statement. */
export async function searchSummaries(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  input: SearchInput,
): Promise<{ found: ScoredSummary[]; total: number }> {
  const match = matchOf(deps, actor, input);
  if (!match) return { found: [], total: 0 };
  const rows = await deps.db
    .select({ ...SUMMARY_COLUMNS, score: match.score, total: match.total })
    .from(match.counted)
    .innerJoin(skills, match.isCandidate)
    .innerJoin(versions, eq(versions.id, skills.latestVersionId))
    .leftJoin(skillCards, eq(skillCards.skillId, skills.id))
    .where(isNull(skills.hiddenAt))
    .orderBy(...match.order)
    .limit(upTo(input.limit ?? PAGE_SIZE))
    .offset(firstOf(input));
  const found = rows.map(({ score, total: _, ...row }) => ({ skill: toSummary(row), score }));
  return { found, total: await totalOf(rows, firstOf(input), match.count) };
}
