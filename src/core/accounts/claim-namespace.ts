import { eq, type SQL, sql } from 'drizzle-orm';
import type { BatchItem } from 'drizzle-orm/batch';
import { namespaces } from '../../db/schema/accounts.ts';
import { checkNamespace } from '../../format/names.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { requireUnreservedNamespace } from '../vetting/reserved-names.ts';
import type { Actor } from './actor.ts';
import { indexNamespace, isDistinctNamespace, lookAlikeNamespace } from './distinct-namespace.ts';

export interface Claim {
  slug: string;
  /** Normalised; or an expression, which is null where a condition of the caller's own keeps the namespace from being made. */
  email: string | SQL;
  owner?: string;
  displayName?: string;
}

/**
 * Makes a namespace, in one batch with what belongs to it. Reserved names, and such as look like another namespace's, are
 * for operators alone.
 *
 * @param also statements that run after the namespace was made, and not at all where it was not
 * @returns false where it exists already, whoever owns it
 * @throws Problem `invalid_name` for a slug outside `^[a-z0-9-]{3,32}$` or reserved, `namespace_taken` for one that looks like
 * another; what the database throws, also where `email` is null
 */
export async function claimNamespace(
  deps: Pick<Deps, 'db' | 'clock' | 'settings'>,
  actor: Actor,
  claim: Claim,
  also: readonly BatchItem<'sqlite'>[] = [],
): Promise<boolean> {
  const { db } = deps;
  const { slug } = claim;
  requireNamespaceName(slug);
  requireUnreservedNamespace(deps, actor, slug);
  const distinct = actor.kind === 'operator' ? sql`1` : isDistinctNamespace(db, slug);
  // Where the name deceives there is no address, and so no row.
  const email = sql<string>`(select ${claim.email} where ${distinct})`;
  try {
    await db.batch([
      db.insert(namespaces).values({ ...claim, email, createdAt: deps.clock.now() }),
      indexNamespace(db, slug),
      ...also,
    ]);
    return true;
  } catch (error) {
    if (await namespaceExists(deps, slug)) return false;
    throw (await lookAlikeNamespace(deps, slug)) ?? error;
  }
}

/** Passes for a slug that a namespace can have, reserved or not. @throws Problem `invalid_name` */
export function requireNamespaceName(slug: string): void {
  const reason = checkNamespace(slug);
  if (reason) throw new Problem('invalid_name', reason, { fix: 'Choose 3 to 32 of a-z, 0-9 and "-".' });
}

export async function namespaceExists({ db }: Pick<Deps, 'db'>, slug: string): Promise<boolean> {
  return (await db.select({ slug: namespaces.slug }).from(namespaces).where(eq(namespaces.slug, slug))).length > 0;
}
