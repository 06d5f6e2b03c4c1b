import { and, eq, ne, sql } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { auditStatement } from '../moderation/audit.ts';
import { findNamespace } from '../moderation/find-subject.ts';
import { requireOperator } from '../moderation/require-operator.ts';
import type { Actor } from './actor.ts';

/**
 * Makes a namespace a moderator of the hub, or ends that. For operators. Doing it again changes nothing.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found`
 */
export async function setModerator(
  deps: Pick<Deps, 'db' | 'clock' | 'random' | 'log'>,
  actor: Actor,
  { namespace, moderator }: { namespace: string; moderator: boolean },
): Promise<void> {
  requireOperator(actor);
  const { slug } = await findNamespace(deps, namespace);
  const { db } = deps;
  const changes = and(eq(namespaces.slug, slug), ne(namespaces.moderator, moderator));
  const guard = sql`exists (select 1 from ${namespaces} where ${changes})`;
  const act = moderator ? 'moderator.appoint' : 'moderator.dismiss';
  await db.batch([
    auditStatement(deps, actor, act, `namespace:${slug}`, {}, guard),
    db.update(namespaces).set({ moderator }).where(changes),
  ]);
  deps.log.info(act, { namespace: slug });
}
