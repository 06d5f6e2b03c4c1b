import { and, asc, eq, inArray } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { skills } from '../../db/schema/catalog.ts';
import { skillCards } from '../../db/schema/faces.ts';
import { transfers } from '../../db/schema/moderation.ts';
import { type Actor, authorize, namespacesOf } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { isPending } from './transfer-state.ts';

const MOST = 200;

export interface PendingTransfer {
  id: string;
  skill: { namespace: string; name: string; slug: string; displayName: string };
  from: string;
  to: string;
  /** The namespace at the other end. */
  other: { slug: string; displayName: string };
  /** Empty when there is none. */
  message: string;
  /** Milliseconds, as `expiresAt`. */
  requestedAt: number;
  expiresAt: number;
}

/**
 * The pending transfers to or from the actor's namespaces, oldest first, at most 200. Needs `read`. Operators see all.
 *
 * @throws Problem `unauthorized`, `forbidden`
 */
export async function listTransfers(
  deps: Pick<Deps, 'db' | 'clock'>,
  actor: Actor,
  direction: 'incoming' | 'outgoing',
): Promise<PendingTransfer[]> {
  authorize(actor, 'read', actor.kind === 'key' ? actor.namespace : '');
  const { toNamespace, fromNamespace } = transfers;
  const [mine, theirs] = direction === 'incoming' ? [toNamespace, fromNamespace] : [fromNamespace, toNamespace];
  const rows = await deps.db
    .select({
      id: transfers.id,
      namespace: skills.namespace,
      name: skills.name,
      slug: skills.slug,
      cardName: skillCards.displayName,
      from: transfers.fromNamespace,
      to: transfers.toNamespace,
      other: namespaces.slug,
      otherName: namespaces.displayName,
      message: transfers.message,
      requestedAt: transfers.createdAt,
      expiresAt: transfers.expiresAt,
    })
    .from(transfers)
    .innerJoin(skills, eq(skills.id, transfers.skillId))
    .innerJoin(namespaces, eq(namespaces.slug, theirs))
    .leftJoin(skillCards, eq(skillCards.skillId, skills.id))
    .where(and(isPending(deps.clock.now()), actor.kind === 'operator' ? undefined : inArray(mine, namespacesOf(actor))))
    .orderBy(asc(transfers.createdAt), asc(transfers.id))
    .limit(MOST);
  return rows.map(({ namespace, name, slug, cardName, other, otherName, ...rest }) => ({
    ...rest,
    skill: { namespace, name, slug: slug ?? name, displayName: cardName ?? slug ?? name },
    other: { slug: other, displayName: otherName ?? other },
  }));
}
