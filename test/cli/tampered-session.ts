import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { publish, worldWithKey } from '../support/skills.ts';
import type { World } from '../support/world.ts';
import { type HubSession, hubSession, type Tamper } from './hub.ts';

export const honest: Tamper = (_path, response) => response;

/** A command line whose registry is honest until a test sets `tamper`. */
export interface TamperedSession extends HubSession {
  tamper: Tamper;
  /** Whatever is needed has to be asked for again. */
  emptyCache(): Promise<void>;
  /** Seconds since 1970 by the clock of the registry. */
  time(): number;
}

export async function tamperedSession(world: World): Promise<TamperedSession> {
  const registry = { tamper: honest };
  const session = await hubSession({ world, tamper: (path, response) => registry.tamper(path, response) });
  return Object.assign(registry, session, {
    emptyCache: () => rm(join(session.home, '.skills/.cache'), { recursive: true }),
    time: () => world.clock.now() / 1000,
  });
}

/** One that speaks to a hub where @acme/pdf-tools@1.0.0 is published, and the key of acme. */
export async function publishedSession(): Promise<TamperedSession & { key: string }> {
  const { world, key } = await worldWithKey();
  await publish(world, key);
  return Object.assign(await tamperedSession(world), { key });
}
