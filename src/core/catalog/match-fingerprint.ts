import { and, desc, eq } from 'drizzle-orm';
import { versions } from '../../db/schema/catalog.ts';
import { fingerprints } from '../../db/schema/faces.ts';
import { upTo } from '../../db/up-to.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { getVersion } from './get-version.ts';

/**
 * Which published version of a skill has this fingerprint (the one published last, if several have), and which one is
 * the latest. Versions published before the hub stored fingerprints match none.
 *
 * @param fingerprint 64 lower-case hex digits; see `fingerprintsOf`
 * @throws Problem `invalid_request`, `not_found`
 */
export async function matchFingerprint(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  subject: { namespace: string; name: string },
  fingerprint: string,
) {
  const latest = await getVersion(deps, actor, { ...subject, version: 'latest' });
  const [match] = await deps.db
    .select({ version: versions.version })
    .from(fingerprints)
    .innerJoin(versions, eq(versions.id, fingerprints.versionId))
    .where(
      and(
        eq(fingerprints.skillId, latest.skill.id),
        eq(fingerprints.fingerprint, fingerprint),
        eq(versions.state, 'published'),
      ),
    )
    .orderBy(desc(versions.publishedAt), desc(versions.sortKey))
    .limit(upTo(1));
  return { skill: latest.skill, latest: latest.version.version, match: match?.version ?? null };
}
