import type { Deps } from '../../src/core/deps.ts';
import type { World } from './world.ts';

/** Gives the hub time: retries come due, leases run out, the sweeper runs. */
export async function settle(world: World, rounds = 8): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await world.drain();
    world.advance(61_000);
    await world.sweep();
  }
  await world.drain();
}

/** A worker that waits for an answer. */
export interface Stalled {
  /** Fulfilled when the worker has made its call; all calls after it are answered at once. */
  reached: Promise<void>;
  /** Has that call go on. */
  wake(): void;
}

/** Holds up the next call of one method of a port. */
export function stall<P extends 'bundles' | 'signer'>(
  deps: Pick<Deps, P>,
  name: P,
  method: keyof Deps[P] & string,
): Stalled {
  const port = deps[name];
  const call = port[method];
  if (typeof call !== 'function') throw new Error(`${name} has no method ${method}`);
  const reached = Promise.withResolvers<void>();
  const asleep = Promise.withResolvers<void>();
  const slow = async (...args: unknown[]) => {
    deps[name] = port;
    reached.resolve();
    await asleep.promise;
    return call.apply(port, args);
  };
  deps[name] = { ...port, [method]: slow };
  return { reached: reached.promise, wake: asleep.resolve };
}
