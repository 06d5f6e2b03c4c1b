import { type SQL, sql } from 'drizzle-orm';
import { auditEvents } from '../../db/schema/moderation.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';

/** What the hub does by itself, such as hiding a skill after several reports, is done by `system`. */
export type AuditActor = Actor | 'system';

/** Never a secret, a mail or a whole file: everybody who may read the log reads them for ever. */
export type AuditDetails = Record<string, string | number | boolean | null>;

/**
 * The statement that writes a privileged act down, for the batch that does it. The log only grows: triggers refuse to
 * change or delete a row.
 *
 * @param act `<thing>.<verb>`, such as `skill.hide`
 * @param subject what it is done to: `@acme/tool@1.0.0`, `@acme/tool`, `namespace:acme`, or `<thing>:<id>`
 * @param guard the condition under which the act takes effect; put the statement before those that change it
 */
export function auditStatement(
  { db, clock, random }: Pick<Deps, 'db' | 'clock' | 'random'>,
  actor: AuditActor,
  act: string,
  subject: string,
  details: AuditDetails = {},
  guard: SQL = sql`1`,
) {
  const keyId = actor !== 'system' && actor.kind === 'key' ? actor.keyId : null;
  return db
    .insert(auditEvents)
    .select(
      sql`select ${random.id()}, ${clock.now()}, ${auditName(actor)}, ${keyId}, ${act}, ${subject}, ${JSON.stringify(details)} where ${guard}`,
    );
}

/** The guard for what is a privileged act only when an operator does it, in a namespace of others. */
export function ifOperator(actor: Actor, guard: SQL = sql`1`): SQL {
  return actor.kind === 'operator' ? guard : sql`0`;
}

/** How an actor is called in the log, and in what reviewers decided: `operator`, `system`, or the namespace of the key. */
export function auditName(actor: AuditActor): string {
  if (actor === 'system') return 'system';
  return actor.kind === 'key' ? actor.namespace : actor.kind;
}
