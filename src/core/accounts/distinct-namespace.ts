import { and, eq, ne, type SQL } from 'drizzle-orm';
import { noRowExists } from '../../db/row-exists.ts';
import { nameSkeletons } from '../../db/schema/catalog.ts';
import { lookOf, MIN_LOOK_LENGTH } from '../../vetting/name-skeleton.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';

/** True while no other namespace looks like this one: the guard on making it. */
export function isDistinctNamespace(db: Deps['db'], slug: string): SQL {
  return noRowExists(db, nameSkeletons, like(slug));
}

/** The statement, for the batch that makes a namespace, by which others that look like it are found out. */
export function indexNamespace(db: Deps['db'], slug: string) {
  return db
    .insert(nameSkeletons)
    .values({ skeleton: namespaceSkeleton(slug), name: slug })
    .onConflictDoNothing();
}

/** What a claim answers that failed because another namespace looks like it, if one does. */
export async function lookAlikeNamespace({ db }: Pick<Deps, 'db'>, slug: string): Promise<Problem | undefined> {
  const [other] = await db.select({ name: nameSkeletons.name }).from(nameSkeletons).where(like(slug)).limit(1);
  if (!other) return undefined;
  return new Problem('namespace_taken', `The namespace '${slug}' looks like '${other.name}', which is taken.`, {
    fix: 'Choose a name that nobody can mistake for it, or ask the operator of this hub.',
  });
}

const like = (slug: string) => and(eq(nameSkeletons.skeleton, namespaceSkeleton(slug)), ne(nameSkeletons.name, slug));

/** The key by which namespaces of equal look are found. Skills have keys of other kinds in the same index. */
export function namespaceSkeleton(slug: string): string {
  const look = lookOf(slug);
  return look.length < MIN_LOOK_LENGTH ? `short-namespace:${slug}` : `namespace:${look}`;
}
