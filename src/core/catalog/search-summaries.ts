import { and, eq, isNull } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { skillCards } from '../../db/schema/faces.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { matchOf } from './search.ts';
import { firstOf, PAGE_SIZE, type SearchInput } from './search-hit.ts';
import { type SkillSummary, SUMMARY_COLUMNS, toSummary } from './skill-summaries.ts';

export interface ScoredSummary {
  skill: SkillSummary;
  /** As in `SearchHit`. */
  score: number;
}

/** What `search` finds with a query, in the same order, with the summary of each. One round trip to the database. */
export async function searchSummaries(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  input: SearchInput,
): Promise<{ found: ScoredSummary[]; total: number }> {
  const match = matchOf(deps, actor, input);
  if (!match) return { found: [], total: 0 };
  const [rows, counted] = await deps.db.batch([
    deps.db
      .select({ ...SUMMARY_COLUMNS, score: match.score })
      .from(match.candidates)
      .innerJoin(skills, match.isCandidate)
      .innerJoin(versions, eq(versions.id, skills.latestVersionId))
      .leftJoin(skillCards, eq(skillCards.skillId, skills.id))
      .where(and(match.asked, isNull(skills.hiddenAt)))
      .orderBy(...match.order)
      .limit(input.limit ?? PAGE_SIZE)
      .offset(firstOf(input)),
    match.count,
  ]);
  const found = rows.map(({ score, ...row }) => ({ skill: toSummary(row), score }));
  return { found, total: counted[0]?.total ?? 0 };
}
