import { inArray } from 'drizzle-orm';
import { appeals } from '../../db/schema/moderation.ts';
import { type Actor, namespacesOf, requireScope } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { readAppealPage } from './appeal-page.ts';

/**
 * A page of the appeals that the actor's namespaces have made, oldest first, with their answers. Needs `read`; an operator
 * sees those of all.
 *
 * @returns `next` is null on the last page
 * @throws Problem `unauthorized`, `forbidden`
 */
export async function listAppeals(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  { after, limit }: { after?: string; limit: number },
) {
  requireScope(actor, 'read', actor.kind === 'key' ? actor.namespace : '');
  const isOwn = actor.kind === 'operator' ? undefined : inArray(appeals.namespace, namespacesOf(actor));
  const rows = await readAppealPage(deps, isOwn, after, limit + 1);
  const shown = rows.slice(0, limit);
  return { appeals: shown, next: rows.length > limit ? (shown.at(-1)?.appeal.id ?? null) : null };
}
