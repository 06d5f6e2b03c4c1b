import { and, eq, isNull } from 'drizzle-orm';
import { rowExists } from '../../db/row-exists.ts';
import { skills, versions } from '../../db/schema/catalog.ts';
import { publisherKeys } from '../../db/schema/certificates.ts';
import { type Actor, requireScope } from '../accounts/actor.ts';
import { skillTag } from '../catalog/keys.ts';
import type { Deps } from '../deps.ts';
import { appendEntries } from '../log/append-entries.ts';
import { keyEntry } from '../log/key-entry.ts';
import { Problem } from '../problem.ts';

/**
 * Ends an OpenPGP key of a namespace for good: nothing signed with it is accepted any more, and what was published with it is
 * shown as of a revoked key. Needs `admin`; whoever is banned may do it too.
 *
 * @param fingerprint in hex, of the primary key
 * @throws Problem `unauthorized`, `forbidden`, `not_found` for a key that is not registered or was revoked before
 */
export async function revokePgpKey(
  deps: Pick<Deps, 'db' | 'clock' | 'cache' | 'log'>,
  actor: Actor,
  { namespace, fingerprint }: { namespace: string; fingerprint: string },
): Promise<void> {
  requireScope(actor, 'admin', namespace);
  const { db } = deps;
  const key = fingerprint.toUpperCase();
  const inUse = and(
    eq(publisherKeys.namespace, namespace),
    eq(publisherKeys.fingerprint, key),
    isNull(publisherKeys.revokedAt),
  );
  const isInUse = rowExists(db, publisherKeys, inUse);
  const [, ended] = await db.batch([
    appendEntries(deps, [keyEntry(deps, 'publisher-key-revoked', key, namespace)], isInUse),
    db
      .update(publisherKeys)
      .set({ revokedAt: deps.clock.now() })
      .where(inUse)
      .returning({ fingerprint: publisherKeys.fingerprint }),
  ]);
  if (ended.length === 0) {
    throw new Problem('not_found', `'${namespace}' has no key ${key} that is in use.`, {
      fix: `See its keys: skills key list ${namespace}, or GET /v1/namespaces/${namespace}/pgp-keys.`,
    });
  }
  const signed = await db
    .selectDistinct({ namespace: skills.namespace, name: skills.name })
    .from(skills)
    .innerJoin(versions, eq(versions.skillId, skills.id))
    .where(and(eq(skills.namespace, namespace), eq(versions.pgpKeyId, key)));
  deps.cache.forget(signed.map((skill) => skillTag(skill.namespace, skill.name)));
  deps.log.info('publisher-key.revoked', { namespace, fingerprint: key });
}
