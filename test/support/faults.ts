import type { Client } from '@libsql/client';
import type { Deps } from '../../src/core/deps.ts';

export type FaultTiming = 'before' | 'after';

/** Makes the n-th call to a port fail: before it has any effect, or after it, so that only the answer is lost. */
export class FaultPlan {
  #calls = 0;
  #at: number | undefined;
  #timing: FaultTiming = 'before';
  fired = false;

  arm(at: number, timing: FaultTiming): void {
    this.#calls = 0;
    this.#at = at;
    this.#timing = timing;
    this.fired = false;
  }

  disarm(): void {
    this.#at = undefined;
  }

  async run<T>(call: () => Promise<T>): Promise<T> {
    const mine = this.#at !== undefined && this.#calls++ === this.#at;
    if (!mine) return call();
    this.fired = true;
    if (this.#timing === 'after') await call();
    throw new Error('injected fault');
  }
}

/** The same port, each of whose methods goes through the plan. */
export function faulty<T extends object>(port: T, plan: FaultPlan): T {
  return new Proxy(port, {
    get(target, name, receiver) {
      const member = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') return member;
      return (...args: unknown[]) => plan.run(async () => member.apply(target, args));
    },
  });
}

/** Sends every statement and batch of a database client through the plan. */
export function makeDatabaseFaulty(client: Client | undefined, plan: FaultPlan): void {
  if (!client) throw new Error('faults are injected below libSQL only');
  const execute = client.execute.bind(client);
  const batch = client.batch.bind(client);
  client.execute = (...args: Parameters<typeof execute>) => plan.run(() => execute(...args));
  client.batch = (...args: Parameters<typeof batch>) => plan.run(() => batch(...args));
}

export type FaultyPort = 'bundles' | 'queue' | 'signer' | 'mailer';

export function withFaultyPort(deps: Deps, port: FaultyPort, plan: FaultPlan): void {
  Object.assign(deps, { [port]: faulty(deps[port], plan) });
}
