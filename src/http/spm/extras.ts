import type { SkillSummary } from '../../core/catalog/skill-summaries.ts';
import type { DescribedVersion } from '../../core/catalog/skill-versions.ts';
import { ok } from './envelope.ts';
import { matchReasonsOf, matchScore, type Query } from './match.ts';
import { isoTime, wireId, wireSkill, wireVersion } from './wire.ts';

interface Slice {
  limit: number;
  offset: number;
  total: number;
  hasMore: boolean;
}

/** This dialect's part of the answers on the paths that it shares with another one, which reads and serves them. */
export const spmExtras = {
  list(skills: readonly SkillSummary[], pagination: Slice) {
    return ok({ skills: skills.map(wireSkill), pagination });
  },

  search(found: readonly { skill: SkillSummary; score: number }[], pagination: Slice, query: Query) {
    const { q, tags, capabilities, frameworks } = query;
    const reasonsOf = matchReasonsOf(query);
    const results = found.map(({ skill, score }) => ({
      ...wireSkill(skill),
      // Without a query nothing is ranked: all results are as good.
      matchScore: q === '' ? 1 : matchScore(score),
      matchReasons: reasonsOf(skill),
    }));
    return ok({ results, pagination, query: { q, tags, capabilities, frameworks } });
  },

  detail(skill: SkillSummary, versions: readonly DescribedVersion[]) {
    return ok({
      id: wireId(skill),
      name: skill.slug,
      versions: versions.map((version) => wireVersion(version, skill.namespace)),
      totalDownloads: skill.downloads,
      createdAt: isoTime(skill.createdAt),
      updatedAt: isoTime(skill.updatedAt),
    });
  },
};
