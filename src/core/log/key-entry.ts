import { type KeyEntry, writeEntry } from '../../format/tlog/leaf.ts';
import type { Deps } from '../deps.ts';
import { keySubject, type NewEntry } from './append-entries.ts';

/**
 * What the log is to hold of a key that begins or ceases to count.
 *
 * @param key the id of a registry key, or the fingerprint of a publisher's
 * @param namespace whose key it is; none for the registry's own
 */
export function keyEntry(
  deps: Pick<Deps, 'clock'>,
  event: KeyEntry['event'],
  key: string,
  namespace?: string,
): NewEntry {
  const leaf = writeEntry({ v: 1, event, namespace, key, at: deps.clock.now() });
  return { leaf, subject: keySubject(namespace) };
}
