import type { Visibility } from '../../db/schema/catalog.ts';
import { type SealableEntry, sealEntry, writeEntry } from '../../format/tlog/leaf.ts';
import type { Deps } from '../deps.ts';
import { logKeys } from './keys.ts';

const SALT_BYTES = 32;

/**
 * The leaf for an entry about a skill or a version: of a private skill the log gets a commitment only; the opening is stored
 * first, under its digest, for those who may read the skill.
 *
 * @throws what the bundle store throws
 */
export async function leafOf(
  deps: Pick<Deps, 'bundles' | 'random'>,
  entry: SealableEntry,
  visibility: Visibility,
): Promise<string> {
  if (visibility === 'public') return writeEntry(entry);
  const { sealed, opening } = await sealEntry(entry, deps.random.hex(SALT_BYTES));
  await deps.bundles.put(logKeys.opening(sealed.commitment), new TextEncoder().encode(opening));
  return writeEntry(sealed);
}
