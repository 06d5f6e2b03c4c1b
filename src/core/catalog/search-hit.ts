import { asc, desc, eq, or, type SQL, sql } from 'drizzle-orm';
import type { SQLiteColumn } from 'drizzle-orm/sqlite-core';
import { skills, type Visibility, versions } from '../../db/schema/catalog.ts';
import { stars } from '../../db/schema/faces.ts';
import { type Actor, namespacesOf } from '../accounts/actor.ts';
import type { FacetFilter } from './skill-facets.ts';
import { type Verification, verification } from './verification.ts';

export const PAGE_SIZE = 20;
/** How many skills of a listing are counted. */
export const COUNTED_SKILLS = 1_000;

export interface SearchInput {
  query: string;
  /** 1-based. */
  page: number;
  /** Skills a page; default `PAGE_SIZE`. */
  limit?: number;
  /** Skills to skip, instead of pages. */
  offset?: number;
  category?: string;
  /** Only skills of this namespace. */
  namespace?: string;
  /**
   * Only skills whose latest version its publisher signed with a certificate of this hub. They are looked for among the
   * candidates of a query and the newest `COUNTED_SKILLS` of a listing, both counted in namespaces with a certificate.
   */
  verified?: boolean;
  /**
   * What each skill has to have: of the candidates that a query or a category ranks, else of the `FACET_CANDIDATES` newest
   * skills with the rarest of it. Private skills have nothing.
   */
  facets?: FacetFilter;
  /** Among the candidates of a query; default `relevance`, which without a query is the newest first. */
  order?: SearchOrder;
}

export const SEARCH_ORDERS = ['relevance', 'updated', 'downloads', 'trending', 'name', 'stars'] as const;
export type SearchOrder = (typeof SEARCH_ORDERS)[number];

export interface SearchHit {
  id: number;
  namespace: string;
  name: string;
  description: string;
  category: string | null;
  author: string | null;
  keywords: string[];
  frameworks: string[];
  visibility: Visibility;
  createdAt: number;
  updatedAt: number;
  /** Ever. */
  downloads: number;
  latestVersion: string;
  verification: Verification;
  /** Of the newest examination of the latest version; null before there was one. */
  verdict: 'clean' | 'suspicious' | 'malicious' | null;
  /** Why nobody should use the latest version any more, as its publisher says of it or of the skill. */
  deprecated: string | null;
  /** How well it matches: higher is better, comparable within one answer only; 0 without a query. */
  score: number;
}

export interface SearchPage {
  hits: SearchHit[];
  /** Number of matches that can be paged through, at most twice `CANDIDATES`; of a listing without a query, up to `COUNTED_SKILLS`. */
  total: number;
}

/** Orders beside which the best match counts last. */
export const ORDERS: Record<SearchOrder, SQL[]> = {
  relevance: [],
  updated: [desc(skills.updatedAt)],
  downloads: [desc(skills.downloads)],
  trending: [desc(skills.trending)],
  name: [asc(skills.name)],
  stars: [sql`(select count(*) from ${stars} where ${stars.skillId} = ${skills.id}) desc`],
};

export const HIT_COLUMNS = {
  id: skills.id,
  namespace: skills.namespace,
  name: skills.name,
  description: versions.description,
  category: sql<string | null>`${versions.metadata} ->> 'category'`,
  author: sql<string | null>`${versions.metadata} ->> 'author'`.as('author'),
  keywords: listIn('keywords'),
  frameworks: listIn('frameworks'),
  visibility: skills.visibility,
  createdAt: skills.createdAt,
  updatedAt: skills.updatedAt,
  downloads: skills.downloads,
  latestVersion: versions.version,
  verification: verification.as('verification'),
  verdict: versions.verdict,
  deprecated: sql<string | null>`coalesce(${versions.deprecation}, ${skills.deprecation})`.as('deprecated'),
};

function listIn(field: 'keywords' | 'frameworks') {
  return sql<string[]>`coalesce(${versions.metadata} -> ${sql.raw(`'${field}'`)}, '[]')`
    .mapWith((text: string): string[] => JSON.parse(text))
    .as(field);
}

export function firstOf(input: SearchInput): number {
  return input.offset ?? (input.page - 1) * (input.limit ?? PAGE_SIZE);
}

/** The condition that leaves out the private skills that the actor may not read. */
export function visibleTo(
  actor: Actor,
  columns: { visibility: SQLiteColumn; namespace: SQLiteColumn },
): SQL | undefined {
  if (actor.kind === 'operator') return undefined;
  const isPublic = eq(columns.visibility, 'public');
  return or(isPublic, ...namespacesOf(actor).map((namespace) => eq(columns.namespace, namespace)));
}
