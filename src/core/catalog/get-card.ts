import { and, eq, isNull, type SQL } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { skills, versions } from '../../db/schema/catalog.ts';
import { skillCards } from '../../db/schema/faces.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { CARD_COLUMNS, CARD_JOINS, type Card, noSuchSlug, requireReadable, toCard } from './card.ts';
import { hadSlug } from './find-by-slug.ts';

/**
 * The card of the skill behind a flat slug, or behind one that it had before.
 *
 * @throws Problem `not_found` also for a skill that is hidden or has no published version, `forbidden` for a private one
 */
export async function getCard({ db }: Pick<Deps, 'db'>, actor: Actor, slug: string): Promise<Card> {
  const read = (which: SQL) =>
    db
      .select(CARD_COLUMNS)
      .from(skills)
      .innerJoin(versions, CARD_JOINS.version)
      .innerJoin(namespaces, CARD_JOINS.owner)
      .leftJoin(skillCards, CARD_JOINS.card)
      .where(and(which, isNull(skills.hiddenAt)));
  const [direct] = await read(eq(skills.slug, slug));
  const [row] = direct ? [direct] : await read(hadSlug(slug));
  if (!row) throw noSuchSlug(slug);
  requireReadable({ ...row, slug }, actor);
  return toCard(row, actor);
}
