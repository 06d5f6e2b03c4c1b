import type { Client } from './client.ts';
import type { CliContext } from './context.ts';
import { readRegistry, updateRegistry } from './home.ts';
import { mergeKeys, type TrustedKeys } from './trust.ts';

/** The keys that a registry shows, held against those that were kept. */
export async function loadKeys(context: CliContext, client: Client): Promise<TrustedKeys> {
  const [known, shown] = await Promise.all([readRegistry(context, client.registry), client.keys()]);
  return mergeKeys(client.registry, known.keys ?? {}, shown);
}

export async function keepKeys(context: CliContext, registry: string, trusted: TrustedKeys): Promise<void> {
  if (trusted.added.length > 0) await updateRegistry(context, registry, { keys: trusted.keys });
}
