import { and, eq, type SQL } from 'drizzle-orm';
import { appeals } from '../../db/schema/moderation.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { auditName } from './audit.ts';

/**
 * The statement that ends the open appeal about something, for the batch that decides about it: no appeal stays open
 * when there is nothing left to decide.
 *
 * @param about the condition that finds it
 * @param guard put the statement before those that make it false
 */
export function closeAppeals(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  actor: Actor,
  about: SQL,
  end: { state: 'granted' | 'denied'; answer: string },
  guard: SQL,
) {
  return db
    .update(appeals)
    .set({ ...end, decidedBy: auditName(actor), decidedAt: clock.now() })
    .where(and(about, eq(appeals.state, 'open'), guard));
}
