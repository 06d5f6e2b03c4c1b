import { and, eq } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import type { VettingContext } from '../../vetting/vetting-context.ts';
import type { Deps } from '../deps.ts';
import { closeNames } from './similar-names.ts';

type Subject = {
  namespace: string;
  name: string;
  /** Null until a first version is published. */
  slug: string | null;
  version: string;
  treeDigest: string;
  visibility: string;
};

/** What is read of a version to vet it, from `versions` joined with `skills`. */
export const subjectColumns = {
  version: versions,
  namespace: skills.namespace,
  name: skills.name,
  slug: skills.slug,
  visibility: skills.visibility,
};

/** What vetting calls it. */
export function subjectOf(row: Omit<Subject, 'version' | 'treeDigest'> & { version: typeof versions.$inferSelect }) {
  const { namespace, name, slug, visibility } = row;
  const { version, treeDigest } = row.version;
  return { namespace, name, slug, version, treeDigest, visibility };
}

/**
 * Whether a skill has its name already: one that is public under it was compared when it became so, and is not asked to give
 * the name up when rules change or somebody else is let in beside it.
 */
export function hasItsName({ slug, visibility }: Pick<Subject, 'slug' | 'visibility'>): boolean {
  return slug !== null && visibility === 'public';
}

/** What the pure rules need to know of the catalogue. A private skill's name stands in nobody's way. */
export async function vettingContext(deps: Pick<Deps, 'db' | 'settings'>, subject: Subject): Promise<VettingContext> {
  const { namespace, name, version } = subject;
  const { limits, maxNameDistance } = deps.settings;
  const compares = maxNameDistance > 0 && subject.visibility === 'public';
  return {
    namespace,
    name,
    version,
    limits,
    maxNameDistance,
    isEstablished: hasItsName(subject),
    similarNames: compares ? await closeNames(deps, namespace, name) : [],
    yankedAs: await yankedTwin(deps, subject),
  };
}

async function yankedTwin(deps: Pick<Deps, 'db'>, subject: Subject): Promise<string | undefined> {
  const [yanked] = await deps.db
    .select({ version: versions.version })
    .from(versions)
    .innerJoin(skills, eq(skills.id, versions.skillId))
    .where(
      and(
        eq(skills.namespace, subject.namespace),
        eq(skills.name, subject.name),
        eq(versions.state, 'yanked'),
        eq(versions.treeDigest, subject.treeDigest),
      ),
    )
    .limit(1);
  return yanked?.version;
}
