import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { rowExists } from '../../db/row-exists.ts';
import { certificates, keyRotations, pinnedKeys } from '../../db/schema/certificates.ts';
import { hashSecret } from '../accounts/secrets.ts';
import type { Deps } from '../deps.ts';
import { appendEntries } from '../log/append-entries.ts';
import { keyEntry } from '../log/key-entry.ts';
import { Problem } from '../problem.ts';
import { isPinned } from './pinned-key.ts';

/**
 * Puts the new key of a rotation in the old one's place, once, by the secret that was mailed. Certificates of the old key
 * end with it.
 *
 * @returns the fingerprint of the key that counts from now on
 * @throws Problem `not_found` for a secret that is unknown, used or older than 24 hours, `state_conflict` when the old key has been
 * replaced by another one in the meantime
 */
export async function confirmRotation(
  deps: Pick<Deps, 'db' | 'clock' | 'log'>,
  { namespace, secret }: { namespace: string; secret: string },
): Promise<string> {
  const { db } = deps;
  const now = deps.clock.now();
  const open = and(
    eq(keyRotations.confirmHash, await hashSecret(secret)),
    eq(keyRotations.namespace, namespace),
    eq(keyRotations.state, 'pending'),
    gt(keyRotations.expiresAt, now),
  );
  const [rotation] = await db.select().from(keyRotations).where(open);
  if (!rotation) throw unknownLink();
  const { oldFingerprint, newFingerprint: fingerprint, newPem: pem } = rotation;
  const pending = rowExists(db, keyRotations, open);
  const rotated = and(pending, isPinned(deps, namespace, { fingerprint, pem })) ?? pending;

  const [, , , confirmed] = await db.batch([
    db
      .insert(pinnedKeys)
      .select(sql`select ${namespace}, ${fingerprint}, ${pem}, ${now} where ${pending}`)
      .onConflictDoUpdate({
        target: pinnedKeys.namespace,
        set: { fingerprint, pem, pinnedAt: now },
        setWhere: eq(pinnedKeys.fingerprint, oldFingerprint),
      }),
    appendEntries(deps, [keyEntry(deps, 'publisher-key', fingerprint, namespace)], rotated),
    db
      .update(certificates)
      .set({ revokedAt: now })
      .where(
        and(
          eq(certificates.namespace, namespace),
          eq(certificates.fingerprint, oldFingerprint),
          isNull(certificates.revokedAt),
          rotated,
        ),
      ),
    db.update(keyRotations).set({ state: 'confirmed' }).where(and(open, rotated)).returning({ id: keyRotations.id }),
  ]);
  if (confirmed.length === 0) throw await whyNot(deps, rotation.id);
  deps.log.info('rotation.confirmed', { namespace, rotationId: rotation.id });
  return fingerprint;
}

async function whyNot(deps: Pick<Deps, 'db'>, id: string): Promise<Problem> {
  const [rotation] = await deps.db
    .select({ state: keyRotations.state })
    .from(keyRotations)
    .where(eq(keyRotations.id, id));
  if (rotation?.state !== 'pending') return unknownLink();
  return new Problem('state_conflict', 'The key that was to be replaced is not in use any more.', {
    fix: 'Ask for another change, signed with the key that counts now.',
  });
}

function unknownLink(): Problem {
  return new Problem('not_found', 'This link is unknown, has expired, or was used before.', {
    fix: 'Ask for the change again, and use the link in the new mail.',
  });
}
