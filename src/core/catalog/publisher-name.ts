import { eq } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { type Actor, canRead } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';

/**
 * What the actor may know a namespace by: its owner's address for keys of the namespace and for operators, as long as it has
 * one; else the namespace itself. Nothing is read for anybody else.
 */
export async function publisherName({ db }: Pick<Deps, 'db'>, actor: Actor, namespace: string): Promise<string> {
  if (!canRead(actor, namespace)) return namespace;
  const [owner] = await db.select({ email: namespaces.email }).from(namespaces).where(eq(namespaces.slug, namespace));
  return owner?.email || namespace;
}
