import { eq } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';

/** The row of a namespace, for operators who may name any. @throws Problem `not_found` */
export async function findOwner(deps: Pick<Deps, 'db'>, slug: string): Promise<typeof namespaces.$inferSelect> {
  const [owner] = await deps.db.select().from(namespaces).where(eq(namespaces.slug, slug));
  if (owner) return owner;
  throw new Problem('not_found', `There is no namespace '${slug}'.`, { fix: 'Check its spelling, or create it.' });
}
