import { copyFileSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Miniflare } from 'miniflare';
import { afterAll, inject } from 'vitest';
import { d1File } from './d1-file.ts';

/** More than any test file has worlds; each database is made when it is first used. */
const DATABASES = 200;

let simulator: { miniflare: Miniflare; d1Persist: string } | undefined;
let next = 0;

/** A D1 database with every migration applied, of the simulator that self-hosted hubs run on; one simulator a test file. */
export async function nextD1Database(): Promise<D1Database> {
  simulator ??= start();
  const number = next++;
  const template = inject('d1Template');
  const file = d1File(simulator.d1Persist, `db-${number}`);
  mkdirSync(dirname(file), { recursive: true });
  for (const part of ['', '-wal']) if (existsSync(template + part)) copyFileSync(template + part, file + part);
  return simulator.miniflare.getD1Database(`DB${number}`);
}

function start() {
  const d1Persist = mkdtempSync(join(tmpdir(), 'skills-hub-d1-'));
  const miniflare = new Miniflare({
    modules: true,
    script: 'export default { fetch: () => new Response() }',
    d1Databases: Object.fromEntries(Array.from({ length: DATABASES }, (_, i) => [`DB${i}`, `db-${i}`])),
    d1Persist,
  });
  afterAll(() => miniflare.dispose());
  return { miniflare, d1Persist };
}
