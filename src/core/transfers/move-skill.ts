import { and, eq, isNull, ne, type SQL, sql } from 'drizzle-orm';
import { noRowExists, rowExists } from '../../db/row-exists.ts';
import { skillAliases, skills } from '../../db/schema/catalog.ts';
import { transfers } from '../../db/schema/moderation.ts';
import type { Actor } from '../accounts/actor.ts';
import { isBanned } from '../accounts/ban.ts';
import { refreshSearchRow } from '../catalog/latest-version.ts';
import { nextUpdate } from '../catalog/update-time.ts';
import type { Deps } from '../deps.ts';
import type { Room, TransferredSkill } from './require-room.ts';
import { isPending } from './transfer-state.ts';

export interface Move {
  transferId: string;
  /** As it was read; the move does nothing if its names have changed since. */
  skill: TransferredSkill;
  to: string;
  room: Room;
}

/**
 * The statements, for one batch, that give a skill to another namespace: its old name becomes an alias, the search row
 * follows, the transfer is accepted. Each does nothing unless the transfer is pending and the name free; the third one
 * returns the skill's row when it moved.
 *
 * A bare slug stays the skill's. One of the form `namespace.name` becomes an alias too, and the skill gets what a first
 * publication would give it, or the slug that it had in that namespace before.
 */
export function moveSkill({ db, clock }: Pick<Deps, 'db' | 'clock'>, actor: Actor, move: Move) {
  const { skill, to, room, transferId } = move;
  const now = clock.now();
  const qualified = skill.slug?.includes('.') ?? false;
  const ready = isReady(db, actor, move, now);
  const there = rowExists(db, skills, and(eq(skills.id, skill.id), eq(skills.namespace, to)));
  return [
    db
      .delete(skillAliases)
      .where(
        and(
          eq(skillAliases.namespace, to),
          eq(skillAliases.name, skill.name),
          eq(skillAliases.skillId, skill.id),
          ready,
        ),
      ),
    db
      .insert(skillAliases)
      .select(
        sql`select ${skill.namespace}, ${skill.name}, ${qualified ? skill.slug : room.formerSlug}, ${skill.id}, ${now} where ${ready}`,
      )
      .onConflictDoNothing(),
    db
      .update(skills)
      .set({
        namespace: to,
        slug: qualified ? (room.formerSlug ?? newSlug(skill, to)) : skill.slug,
        updatedAt: nextUpdate(now),
      })
      .where(and(eq(skills.id, skill.id), ready))
      .returning({ id: skills.id, slug: skills.slug }),
    db
      .update(transfers)
      .set({ state: 'accepted' })
      .where(and(eq(transfers.id, transferId), eq(transfers.state, 'pending'), there)),
    ...refreshSearchRow(db, skill.id, sql`1`),
  ] as const;
}

function isReady(db: Deps['db'], actor: Actor, { skill, to, transferId }: Move, now: number): SQL {
  const asRead = and(
    eq(skills.id, skill.id),
    eq(skills.namespace, skill.namespace),
    eq(skills.name, skill.name),
    sql`${skills.slug} is ${skill.slug}`,
    // Nothing leaves a banned namespace, or enters one, but by an operator.
    actor.kind === 'operator' ? undefined : sql`not (${isBanned(skill.namespace)} or ${isBanned(to)})`,
    actor.kind === 'operator' ? undefined : isNull(skills.hiddenAt),
    isNull(skills.mergedInto),
  );
  const namesake = and(eq(skills.namespace, to), eq(skills.name, skill.name));
  const formerNamesake = and(
    eq(skillAliases.namespace, to),
    eq(skillAliases.name, skill.name),
    ne(skillAliases.skillId, skill.id),
  );
  const pending = and(eq(transfers.id, transferId), isPending(now));
  return sql.join(
    [
      rowExists(db, skills, asRead),
      rowExists(db, transfers, pending),
      noRowExists(db, skills, namesake),
      noRowExists(db, skillAliases, formerNamesake),
    ],
    sql` and `,
  );
}

/** The same rule as for a first publication: the first public skill of a name has it bare, any other `namespace.name`. */
function newSlug({ name, visibility }: TransferredSkill, to: string): SQL<string> {
  const own = `${to}.${name}`;
  if (visibility === 'private') return sql`${own}`;
  return sql`case
    when exists (select 1 from skills as other where other.slug = ${name})
      or exists (select 1 from ${skillAliases} where ${skillAliases.slug} = ${name}) then ${own}
    else ${name} end`;
}
