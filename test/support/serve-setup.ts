import type { HubKeys } from '../../cli/serve/keys.ts';
import { miniflareOptions } from '../../cli/serve/miniflare-options.ts';

/** Keys of a self-hosted hub, for where their values are no matter. */
export const NO_KEYS: HubKeys = {
  registryKey: '',
  previousRegistryKeys: '',
  logKey: 'log',
  sessionKey: '',
  vaultKey: '',
  operatorKey: '',
  operatorKeySha256: '',
  operatorKeyIsNew: false,
};

/** What a self-hosted hub that is started with these variables hands on to its one Worker. */
export function bindingsFor(env: Record<string, string>, keys = NO_KEYS): Record<string, string> {
  const { workers } = miniflareOptions({
    scriptPath: '/hub/worker.js',
    dataPath: '/hub/data',
    host: '127.0.0.1',
    port: 0,
    keys,
    instanceId: 'one',
    outbox: async () => new Response(),
    log: () => undefined,
    env,
  }) as { workers: { bindings: Record<string, string> }[] };
  const [worker, ...others] = workers;
  if (!worker || others.length > 0) throw new Error(`there are ${workers.length} workers`);
  return JSON.parse(JSON.stringify(worker.bindings));
}
