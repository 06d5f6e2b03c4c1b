import { and, eq } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import type { VettingContext } from '../../vetting/vetting-context.ts';
import type { Deps } from '../deps.ts';
import { closeNames } from './similar-names.ts';

type Subject = { namespace: string; name: string; version: string; treeDigest: string; visibility: string };

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
