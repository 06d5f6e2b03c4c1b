import { eq, type SQL, sql } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { skills, type Visibility, versions } from '../../db/schema/catalog.ts';
import { skillCards } from '../../db/schema/faces.ts';
import { type Actor, canRead } from '../accounts/actor.ts';
import { Problem } from '../problem.ts';

export const CARD_SOURCES = skillCards.source.enumValues;
export type CardSource = (typeof CARD_SOURCES)[number];

/** The lists of a card that a search can be narrowed by. */
export const FACETS = ['tags', 'scene', 'applicablePosition', 'businessDomain', 'business', 'platform'] as const;
export type Facet = (typeof FACETS)[number];

/** What a skill shows of itself: what its publisher edited, word for word, else what its latest version says. */
export interface Card extends Record<Facet, string[]> {
  slug: string;
  namespace: string;
  name: string;
  visibility: Visibility;
  displayName: string;
  summary: string;
  /** Empty for those who may not know it; see `toCard`. */
  ownerEmail: string;
  videoAttachmentUrl: string;
  businessCategory: string;
  source: CardSource;
  latestVersion: string;
  /** Milliseconds since the epoch; greater after every change of the skill. */
  updatedAt: number;
}

const jsonList = (expression: SQL) =>
  sql<string[]>`${expression}`.mapWith((text: string): string[] => JSON.parse(text));

/** The tags of a card as JSON. Until somebody edits the card, they are the keywords of the latest version. */
export const TAGS = sql`coalesce(${skillCards.tags}, ${versions.metadata} -> '$.keywords', '[]')`;

/**
 * What `toCard` needs; the statement has to join as `CARD_JOINS` says. No two columns may have one name: a batch on D1
 * answers rows by name.
 */
export const CARD_COLUMNS = {
  slug: sql<string>`coalesce(${skills.slug}, '')`,
  namespace: skills.namespace,
  name: skills.name,
  visibility: skills.visibility,
  email: namespaces.email,
  description: versions.description,
  tags: jsonList(TAGS),
  card: {
    // First, since the query builder takes a row that begins with null for one that is not there.
    source: skillCards.source,
    displayName: skillCards.displayName,
    summary: skillCards.summary,
    videoAttachmentUrl: skillCards.videoAttachmentUrl,
    businessCategory: skillCards.businessCategory,
    scene: skillCards.scene,
    applicablePosition: skillCards.applicablePosition,
    businessDomain: skillCards.businessDomain,
    business: skillCards.business,
    platform: skillCards.platform,
  },
  latestVersion: versions.version,
  updatedAt: skills.updatedAt,
};

export const CARD_JOINS = {
  version: eq(versions.id, skills.latestVersionId),
  owner: eq(namespaces.slug, skills.namespace),
  card: eq(skillCards.skillId, skills.id),
};

export interface CardRow {
  slug: string;
  namespace: string;
  name: string;
  visibility: Visibility;
  email: string;
  description: string;
  tags: string[];
  card: Omit<typeof skillCards.$inferSelect, 'skillId' | 'tags' | 'updatedAt'> | null;
  latestVersion: string;
  updatedAt: number;
}

/** Whether the actor may know the address of a namespace's owner: keys of the namespace and operators alone. */
export function knowsOwner(actor: Actor, namespace: string): boolean {
  return canRead(actor, namespace);
}

/** The card as the actor may see it. */
export function toCard({ card, email, description, ...row }: CardRow, actor: Actor): Card {
  return {
    ...row,
    displayName: card?.displayName ?? row.name,
    summary: card?.summary ?? description,
    ownerEmail: knowsOwner(actor, row.namespace) ? email : '',
    videoAttachmentUrl: card?.videoAttachmentUrl ?? '',
    businessCategory: card?.businessCategory ?? '',
    source: card?.source ?? 'personal',
    scene: card?.scene ?? [],
    applicablePosition: card?.applicablePosition ?? [],
    businessDomain: card?.businessDomain ?? [],
    business: card?.business ?? [],
    platform: card?.platform ?? [],
  };
}

/** @throws Problem `not_found`, the one answer for a slug that leads nowhere */
export function noSuchSlug(slug: string): Problem {
  return new Problem('not_found', `There is no skill '${slug}'.`, {
    missing: 'skill',
    fix: 'Check the slug, or search for it; it may have been withdrawn.',
  });
}

/**
 * Passes when the actor may read the skill behind a slug. Other than elsewhere in the hub, a private skill is told from
 * a missing one: people who were sent a slug shall hear that they need a key, not that they mistyped it.
 *
 * @throws Problem `forbidden`
 */
export function requireReadable(
  skill: { slug: string; namespace: string; visibility: Visibility },
  actor: Actor,
): void {
  if (skill.visibility === 'public' || canRead(actor, skill.namespace)) return;
  throw new Problem('forbidden', `The skill '${skill.slug}' is private.`, {
    fix: 'Send an API key of the namespace that owns it.',
  });
}
