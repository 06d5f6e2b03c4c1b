import { eq } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { knowsOwner } from './card.ts';

/**
 * What the actor may know a namespace by: its owner's address where `knowsOwner` lets them and there is one, else the
 * namespace itself. Nothing is read for anybody else.
 */
export async function publisherName({ db }: Pick<Deps, 'db'>, actor: Actor, namespace: string): Promise<string> {
  if (!knowsOwner(actor, namespace)) return namespace;
  const [owner] = await db.select({ email: namespaces.email }).from(namespaces).where(eq(namespaces.slug, namespace));
  return owner?.email || namespace;
}
