import { fuzzySearch } from '../../src/format/fuzzy-search.ts';
import type { PackageBody } from '../../src/http/v1/schemas.ts';
import type { KnownSkill } from './metadata-index.ts';
import type { SkillCache } from './skill-cache.ts';

export interface KnownQuery {
  words: string;
  category?: string | undefined;
  namespace?: string | undefined;
  author?: string | undefined;
  tags: readonly string[];
  frameworks: readonly string[];
  sort: 'relevance' | 'downloads' | 'updated' | 'name';
}

/** Skills of a registry that are in the cache, as a search would tell of them. */
export async function skillsInCache(cache: SkillCache, registry: string): Promise<KnownSkill[]> {
  const newest = new Map<string, KnownSkill>();
  for (const kept of (await cache.allVersions()).values()) {
    const key = `${kept.metadata.namespace}/${kept.metadata.name}`;
    if (kept.registry !== registry || newest.has(key)) continue;
    const [first] = await cache.versions(registry, kept.metadata);
    if (first) newest.set(key, describe(first.metadata));
  }
  return [...newest.values()];
}

/** A skill by the metadata of one of its versions. */
export function describe(metadata: PackageBody): KnownSkill {
  const { namespace, name, description, category, author, keywords, frameworks, visibility, verification } = metadata;
  return {
    ...{ namespace, name, description, category, author, keywords, frameworks, visibility },
    updated_at: metadata.published_at,
    latest_version: metadata.version,
    verification: verification ?? 'self_signed',
    ...(metadata.verdict === undefined ? {} : { verdict: metadata.verdict }),
    ...(metadata.deprecated === undefined ? {} : { deprecated: metadata.deprecated }),
  };
}

/** The same filters as a registry has; words may differ by a few letters. Without words and order, the last changed first. */
export function searchKnown(skills: readonly KnownSkill[], query: KnownQuery): KnownSkill[] {
  const { words, sort } = query;
  const kept = skills.filter((skill) => isWanted(skill, query));
  const found =
    words.trim() === ''
      ? kept
      : fuzzySearch(
          kept.map((skill) => ({ ...skill, keywords: skill.keywords ?? [] })),
          words,
          kept.length,
        );
  if (sort === 'relevance' && words.trim() !== '') return found;
  return [...found].sort(ORDERS[sort]);
}

const ORDERS: Record<KnownQuery['sort'], (a: KnownSkill, b: KnownSkill) => number> = {
  relevance: byTime,
  updated: byTime,
  downloads: (a, b) => (b.downloads ?? 0) - (a.downloads ?? 0),
  name: (a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)),
};

function byTime(a: KnownSkill, b: KnownSkill): number {
  return (b.updated_at ?? '').localeCompare(a.updated_at ?? '');
}

function isWanted(skill: KnownSkill, { category, namespace, author, tags, frameworks }: KnownQuery): boolean {
  const has = (values: readonly string[] | undefined, wanted: string) =>
    values?.some((value) => isAlike(value, wanted));
  return (
    (category === undefined || skill.category === category) &&
    (namespace === undefined || skill.namespace === namespace) &&
    (author === undefined || isAlike(skill.author ?? '', author)) &&
    tags.every((tag) => has(skill.keywords, tag)) &&
    frameworks.every((framework) => has(skill.frameworks, framework))
  );
}

function isAlike(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}
