import type { Context } from 'hono';
import * as z from 'zod';
import { canRead } from '../../core/accounts/actor.ts';
import type { OwnedRef } from '../../core/catalog/find-by-ref.ts';
import type { FoundVersion } from '../../core/catalog/get-version.ts';
import { skillTag } from '../../core/catalog/keys.ts';
import type { FacetFilter } from '../../core/catalog/skill-facets.ts';
import type { Deps } from '../../core/deps.ts';
import type { Cacheability } from '../kit/caching.ts';
import type { HubEnv } from '../kit/types.ts';

const lower = z.string().max(200).toLowerCase();
const handle = lower.transform((text) => text.replace(/^@+/, '')).optional();

/** Whose skill is meant; clients send either name, and some an `@`. */
export const ownerQuery = z.object({
  ownerHandle: handle.meta({ description: 'The namespace of the skill.' }),
  owner: handle.meta({ description: 'The same as `ownerHandle`.' }),
});

/** Which version is meant: by number, by tag, or the latest. */
export const versionQuery = z.object({
  version: z.string().max(128).optional(),
  tag: z.string().max(64).optional().meta({ description: '`latest`, or another tag of the skill.' }),
});

export const slugParams = z.object({
  slug: lower.meta({ description: 'The flat name; beside an owner also the name within its namespace.' }),
});

export const slugQuery = slugParams.extend(ownerQuery.shape);

/** A page length as clients send it: what is too large means the largest there is. */
export const limitOf = (fallback: number, most: number) =>
  z.coerce
    .number()
    .int()
    .min(1)
    .default(fallback)
    .transform((limit) => Math.min(limit, most))
    .pipe(z.number().int());

/** How far a list can be entered by number; further on, it is walked by cursor. */
const MAX_OFFSET = 10_000;
const MAX_WORDS = 10;

const words = z
  .string()
  .max(1_000)
  .default('')
  .transform((list) => list.split(',').flatMap((word) => word.trim() || []))
  .pipe(z.array(z.string().max(64)).max(MAX_WORDS));

/** What lists and searches take beside ClawHub's own parameters. */
export const sliceQuery = z.object({
  offset: z.coerce.number().int().min(0).max(MAX_OFFSET).default(0).meta({ description: 'Skills to skip.' }),
  tags: words.meta({ description: 'Only public skills with all of these keywords; commas between.' }),
  capabilities: words.meta({ description: 'Only public skills with all of these capabilities.' }),
  frameworks: words.meta({ description: 'Only public skills for all of these frameworks.' }),
});

/** The same as core names it. */
export function facetsOf({ tags, capabilities, frameworks }: z.infer<typeof sliceQuery>): FacetFilter {
  return { tag: tags, capability: capabilities, framework: frameworks };
}

export type OwnerQuery = z.infer<typeof ownerQuery>;

/** The skill that a request names. An owner that is sent empty counts as none. */
export function refOf(slug: string, { ownerHandle, owner }: OwnerQuery): OwnedRef {
  return { slug, owner: ownerHandle || owner || undefined };
}

/** How an answer about a version may be cached. */
export function versionCaching(found: FoundVersion, etag?: string): Cacheability {
  const { skill, pinned } = found;
  return { public: skill.visibility === 'public', pinned, tags: [skillTag(skill.namespace, skill.name)], etag };
}

/** The same for an answer about a skill that changes with it. */
export function skillCaching(
  c: Context<HubEnv>,
  skill: { namespace: string; name: string; visibility: string },
): Cacheability {
  const shared = skill.visibility === 'public' && !canRead(c.get('actor'), skill.namespace);
  return { public: shared, pinned: false, tags: [skillTag(skill.namespace, skill.name)] };
}

/** The origin that absolute URLs begin with. */
export function originOf(c: Context<HubEnv>, { settings }: Pick<Deps, 'settings'>): string {
  return settings.publicUrl ?? new URL(c.req.url).origin;
}

/** Where the zip of a version is. */
export function downloadUrl(
  origin: string,
  { slug, owner, version }: { slug: string; owner: string; version: string },
): string {
  return `${origin}/api/v1/download?${new URLSearchParams({ slug, version, ownerHandle: owner })}`;
}
