import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { storedLeaves } from '../support/log.ts';
import { publish, worldWithKey } from '../support/skills.ts';
import type { World } from '../support/world.ts';
import { type HubSession, hubSession, type Tamper } from './hub.ts';
import { proofIn, signerOf } from './lying-log.ts';

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

/**
 * Another process installs something while this one asks for a proof, and is shown another history than this one.
 *
 * @returns the proof that this one is shown
 */
export async function splitView(session: TamperedSession & { key: string }) {
  const { world, home } = session;
  const leaves = await storedLeaves(world);
  const forked = await proofIn([...leaves, 'only for one'], 1, {
    signer: signerOf(world),
    time: session.time(),
    from: leaves.length,
  });
  let first = true;
  session.tamper = async (path, response) => {
    if (!path.startsWith('/v1/log/proof/') || !first) return response;
    first = false;
    await publish(world, session.key, { name: 'csv-summary' });
    const other = await hubSession({ world, home });
    expect((await other.run('install', '@acme/csv-summary')).code).toBe(0);
    return Response.json(forked);
  };
  return forked;
}
