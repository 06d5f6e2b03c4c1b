import { asc } from 'drizzle-orm';
import { registryKeys } from '../../db/schema/catalog.ts';
import type { Deps, EarlierKey } from '../deps.ts';

export interface ShownKey extends EarlierKey {
  /** Since when its signatures count for nothing, and why. */
  revoked?: { at: number; reason: string };
}

/**
 * The key that signs now, first, and every earlier one that signed something here or is to be known as a predecessor. A revoked one
 * has no successor: its word counts for nothing.
 */
export async function publicKeys(deps: Pick<Deps, 'db' | 'signer'>): Promise<{ current: string; keys: ShownKey[] }> {
  const current = await deps.signer.key();
  const earlier = (await deps.signer.earlier?.()) ?? [];
  const known = new Map<string, ShownKey>([current, ...earlier].map((key) => [key.id, key]));
  const recorded = await deps.db
    .select({
      id: registryKeys.id,
      pem: registryKeys.pem,
      revokedAt: registryKeys.revokedAt,
      reason: registryKeys.revocationReason,
    })
    .from(registryKeys)
    .orderBy(asc(registryKeys.createdAt));
  for (const { id, pem, revokedAt, reason } of recorded) {
    if (revokedAt !== null) known.set(id, { id, pem, revoked: { at: revokedAt, reason: reason ?? '' } });
    else if (!known.has(id)) known.set(id, { id, pem });
  }
  return { current: current.id, keys: [...known.values()] };
}
