import type { Client } from './client.ts';
import type { CliContext } from './context.ts';
import { readRegistry, updateRegistry } from './home.ts';
import { compareKeys, keysToPin, type TrustedKeys } from './trust.ts';

/** The keys that a registry shows, held against those that were kept. */
export async function loadKeys(context: CliContext, client: Client, named: readonly string[]): Promise<TrustedKeys> {
  const [known, { keys }] = await Promise.all([readRegistry(context, client.registry), client.keys()]);
  return compareKeys(client.registry, known.keys ?? {}, keys, named);
}

/**
 * Keeps the keys that good signatures were made with, and those that the user named.
 *
 * @returns ids of those that were not kept before
 */
export async function keepKeys(
  context: CliContext,
  trusted: TrustedKeys,
  used: readonly string[],
): Promise<readonly string[]> {
  const added = keysToPin(trusted, used);
  if (added.size === 0) return [];
  const keys = Object.fromEntries([...trusted.pinned, ...added]);
  await updateRegistry(context, trusted.registry, { keys });
  return [...added.keys()];
}
