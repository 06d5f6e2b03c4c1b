import { isDeepStrictEqual } from 'node:util';
import type { Client } from './client.ts';
import type { CliContext } from './context.ts';
import { readRegistry, updateRegistry } from './home.ts';
import { LogWatch } from './log-watch.ts';
import { PublisherWatch } from './publisher-watch.ts';
import { compareKeys, keysToPin, type TrustedKeys } from './trust.ts';

/** What a registry is trusted by. */
export interface Trust extends TrustedKeys {
  log: LogWatch;
  publishers: PublisherWatch;
}

/**
 * The keys that a registry shows, held against those that were kept. Which ones it revoked is remembered at once: nothing
 * that they signed is taken from the cache any more.
 *
 * @param named ids of registry keys that the user trusts
 * @param publishers fingerprints of publishers' keys that the user trusts
 */
export async function loadKeys(
  context: CliContext,
  client: Client,
  named: readonly string[],
  publishers: readonly string[],
): Promise<Trust> {
  const [known, { keys, log }] = await Promise.all([readRegistry(context, client.registry), client.keys()]);
  const trusted = compareKeys(client.registry, known.keys ?? {}, keys, named);
  const revoked = Object.fromEntries(trusted.revoked);
  if (!isDeepStrictEqual(revoked, known.revoked ?? {})) await updateRegistry(context, client.registry, { revoked });
  return {
    ...trusted,
    log: await LogWatch.open(context, client, log),
    publishers: await PublisherWatch.open(context, client, publishers),
  };
}

/** The keys that were kept of a registry, without asking it. */
export async function keptKeys(context: CliContext, registry: string): Promise<TrustedKeys> {
  const { keys = {}, revoked = {} } = await readRegistry(context, registry);
  return {
    registry,
    pinned: new Map(Object.entries(keys)),
    shown: new Map(),
    named: [],
    followed: new Map(),
    revoked: new Map(Object.entries(revoked)),
  };
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
  // What another command has kept meanwhile stays, also under the same id.
  await updateRegistry(context, trusted.registry, ({ keys = {} }) => {
    const fresh = [...added].filter(([kid]) => !Object.hasOwn(keys, kid));
    return { keys: { ...keys, ...Object.fromEntries(fresh) } };
  });
  return [...added.keys()];
}
