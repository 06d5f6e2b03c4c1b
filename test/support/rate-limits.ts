import { memoryLimiter } from '../../src/adapters/limiter-memory.ts';
import type { RateLimits } from '../../src/core/deps.ts';
import { createWorld, type World } from './world.ts';

export const ADDRESS_HEADER = 'x-client-address';

const NONE: RateLimits = { read: {}, search: {}, write: {}, download: {}, account: {} };

/** From now on these limits hold in the world, and no others; nothing of before counts. */
export function setLimits(world: World, limits: Partial<RateLimits>): void {
  world.deps.limiter = memoryLimiter({ clock: world.clock, limits: { ...NONE, ...limits } });
}

/** A world that learns where its clients are from a header; it has no limits yet. */
export const worldWithAddresses = () =>
  createWorld({ settings: { clientAddressHeader: ADDRESS_HEADER, maxNameDistance: 0 } });

/** Headers of a request from there. */
export const from = (address: string, headers: Record<string, string> = {}) => ({
  [ADDRESS_HEADER]: address,
  ...headers,
});
