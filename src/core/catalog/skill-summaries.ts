import { and, eq, isNull, sql } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { skillCards, stars } from '../../db/schema/faces.ts';
import type { Deps } from '../deps.ts';
import { readTags, tagsOf } from './tags.ts';
import { TOLD_METADATA, type ToldMetadata } from './told-metadata.ts';

/** A skill as lists show it, with its latest version. Times are in milliseconds. */
export interface SkillSummary {
  id: number;
  namespace: string;
  name: string;
  /** The hub-wide flat name. */
  slug: string;
  displayName: string;
  summary: string;
  keywords: string[];
  createdAt: number;
  updatedAt: number;
  stars: number;
  /** Ever. One client counts once a day for each version. */
  downloads: number;
  /** Published versions by tag, `latest` first. */
  tags: Record<string, string>;
  latest: {
    version: string;
    publishedAt: number;
    changelog: string;
    license: string | null;
    metadata: ToldMetadata;
    /** Of the newest examination; null before there was one. */
    verdict: 'clean' | 'suspicious' | 'malicious' | null;
  };
}

/**
 * Those of the skills that anybody may read of at all, in the order given.
 *
 * @param ids skills that the actor may see, as a search or a listing found them
 */
export async function summariesOf(deps: Pick<Deps, 'db'>, ids: readonly number[]): Promise<SkillSummary[]> {
  if (ids.length === 0) return [];
  const list = JSON.stringify(ids);
  const rows = await summaries(deps).where(
    and(sql`${skills.id} in (select value from json_each(${list}))`, isNull(skills.hiddenAt)),
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []).map(toSummary);
}

/** What `toSummary` reads beside the skill and its latest version, of skills joined with their card. */
export const SUMMARY_CARD_COLUMNS = {
  displayName: skillCards.displayName,
  summary: skillCards.summary,
  tags: tagsOf(skills.id),
  stars: sql<number>`(select count(*) from ${stars} where ${stars.skillId} = ${skills.id})`.as('stars'),
};

/** What `toSummary` reads of the latest version. */
export const SUMMARY_LATEST_COLUMNS = {
  description: versions.description,
  metadata: TOLD_METADATA,
  version: versions.version,
  publishedAt: versions.publishedAt,
  changelog: versions.changelog,
  verdict: versions.verdict,
};

/** What `toSummary` reads, of skills joined with their latest version and their card. */
export const SUMMARY_COLUMNS = {
  id: skills.id,
  namespace: skills.namespace,
  name: skills.name,
  slug: skills.slug,
  createdAt: skills.createdAt,
  updatedAt: skills.updatedAt,
  downloads: skills.downloads,
  ...SUMMARY_CARD_COLUMNS,
  ...SUMMARY_LATEST_COLUMNS,
};

/** A skill without a latest version drops out of the join by itself. */
function summaries({ db }: Pick<Deps, 'db'>) {
  return db
    .select(SUMMARY_COLUMNS)
    .from(skills)
    .innerJoin(versions, eq(versions.id, skills.latestVersionId))
    .leftJoin(skillCards, eq(skillCards.skillId, skills.id));
}

type Row = Awaited<ReturnType<typeof summaries>>[number];

export function toSummary(row: Row): SkillSummary {
  const slug = row.slug ?? row.name;
  return {
    id: row.id,
    namespace: row.namespace,
    name: row.name,
    slug,
    displayName: row.displayName ?? slug,
    summary: row.summary ?? row.description,
    keywords: row.metadata.keywords,
    createdAt: row.createdAt,
    updatedAt: row.updatedAt,
    stars: row.stars,
    downloads: row.downloads,
    tags: readTags(row.tags, row.version),
    latest: {
      version: row.version,
      publishedAt: row.publishedAt ?? 0,
      changelog: row.changelog,
      license: row.metadata.license ?? null,
      metadata: row.metadata,
      verdict: row.verdict,
    },
  };
}
