import { eq } from 'drizzle-orm';
import { skills, versions } from '../../db/schema/catalog.ts';
import { scans } from '../../db/schema/moderation.ts';
import { type Actor, canRead } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';

/**
 * A scan and what it is of. For those who may read what the skill's namespace keeps private, and for operators.
 *
 * @throws Problem `not_found`, also for a scan of others
 */
export async function getScan({ db }: Pick<Deps, 'db'>, actor: Actor, scanId: string) {
  const [found] = await db
    .select({
      scan: scans,
      namespace: skills.namespace,
      name: skills.name,
      slug: skills.slug,
      version: versions.version,
      sha256: versions.zipSha256,
    })
    .from(scans)
    .innerJoin(versions, eq(versions.id, scans.versionId))
    .innerJoin(skills, eq(skills.id, versions.skillId))
    .where(eq(scans.id, scanId));
  if (!found || !canRead(actor, found.namespace)) {
    throw new Problem('not_found', 'There is no such scan.', { fix: 'Use the scanId that requesting it answered.' });
  }
  return found;
}
