import { asc } from 'drizzle-orm';
import { registryKeys } from '../../db/schema/catalog.ts';
import type { Deps, RegistryKey } from '../deps.ts';

/** The key that signs now, first, and every earlier one that signed something here. */
export async function publicKeys(deps: Pick<Deps, 'db' | 'signer'>): Promise<{ current: string; keys: RegistryKey[] }> {
  const current = await deps.signer.key();
  const earlier = await deps.db
    .select({ id: registryKeys.id, pem: registryKeys.pem })
    .from(registryKeys)
    .orderBy(asc(registryKeys.createdAt));
  return { current: current.id, keys: [current, ...earlier.filter((key) => key.id !== current.id)] };
}
