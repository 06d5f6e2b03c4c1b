import { and, eq, notExists, sql } from 'drizzle-orm';
import { transfers } from '../../db/schema/moderation.ts';
import { type Actor, authorize, namespacesOf } from '../accounts/actor.ts';
import { findByRef, type OwnedRef } from '../catalog/find-by-ref.ts';
import type { Deps } from '../deps.ts';
import { afterMove } from './after-move.ts';
import { moveSkill } from './move-skill.ts';
import { requireRoom } from './require-room.ts';
import { alreadyPending, isPending, TRANSFER_MS } from './transfer-state.ts';

export interface RequestedTransfer {
  id: string;
  /** The skill as it is called now. */
  namespace: string;
  name: string;
  to: string;
  /** The flat slug of the skill, or its name while it has none. */
  slug: string;
  /** Milliseconds. */
  expiresAt: number;
  /** True when the actor may answer for the receiver too, so that nobody has to be asked. */
  transferred: boolean;
}

/**
 * Offers a skill, with all its versions, stars and counts, to another namespace for seven days. Needs `admin`. It moves at
 * once when the actor has `admin` in both.
 *
 * @throws Problem `not_found`, `unauthorized`, `forbidden`, `state_conflict` for what `requireRoom` refuses and while
 * another transfer of the skill is pending
 */
export async function requestTransfer(
  deps: Pick<Deps, 'db' | 'clock' | 'random' | 'settings' | 'cache' | 'log'>,
  actor: Actor,
  ref: OwnedRef,
  offer: { to: string; message: string },
): Promise<RequestedTransfer> {
  const { db } = deps;
  const { to, message } = offer;
  const skill = await findByRef(deps, actor, ref);
  const { namespace, name } = skill;
  authorize(actor, 'admin', namespace);
  const room = await requireRoom(deps, actor, skill, to);

  const id = deps.random.id();
  const expiresAt = deps.clock.now() + TRANSFER_MS;
  const insert = insertTransfer(deps, { id, skillId: skill.id, from: namespace, to, message });
  if (!answersFor(actor, to)) {
    if ((await insert).length === 0) throw alreadyPending(skill);
    deps.log.info('transfer.requested', { transferId: id, namespace, name, to });
    return { id, namespace, name, to, slug: skill.slug ?? name, expiresAt, transferred: false };
  }
  const move = { transferId: id, skill, to, room };
  const [inserted, , , moved] = await db.batch([insert, ...moveSkill(deps, actor, move)]);
  if (inserted.length === 0) throw alreadyPending(skill);
  const slug = await afterMove(deps, actor, move, moved);
  return { id, namespace: to, name, to, slug, expiresAt, transferred: true };
}

/** Of an actor who has `admin` at home: a key counts in the namespaces that its own one made as it does there. */
function answersFor(actor: Actor, namespace: string): boolean {
  return actor.kind === 'operator' || namespacesOf(actor).includes(namespace);
}

interface NewTransfer {
  id: string;
  skillId: number;
  from: string;
  to: string;
  message: string;
}

/** Inserts nothing while another transfer of the skill is pending. */
function insertTransfer({ db, clock }: Pick<Deps, 'db' | 'clock'>, row: NewTransfer) {
  const now = clock.now();
  const other = db
    .select({ one: sql`1` })
    .from(transfers)
    .where(and(eq(transfers.skillId, row.skillId), isPending(now)));
  return db
    .insert(transfers)
    .select(
      sql`select ${row.id}, ${row.skillId}, ${row.from}, ${row.to}, ${row.message}, 'pending', ${now}, ${now + TRANSFER_MS} where ${notExists(other)}`,
    )
    .returning({ id: transfers.id });
}
