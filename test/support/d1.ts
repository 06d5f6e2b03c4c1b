import { Miniflare } from 'miniflare';
import { afterAll } from 'vitest';

/** More than any test file has worlds; each database is made when it is first used. */
const DATABASES = 200;

let miniflare: Miniflare | undefined;
let next = 0;

/** An empty D1 database of the simulator that self-hosted hubs run on; one simulator a test file. */
export async function nextD1Database(): Promise<D1Database> {
  if (!miniflare) {
    const started = new Miniflare({
      modules: true,
      script: 'export default { fetch: () => new Response() }',
      d1Databases: Object.fromEntries(Array.from({ length: DATABASES }, (_, i) => [`DB${i}`, `db-${i}`])),
    });
    miniflare = started;
    afterAll(() => started.dispose());
  }
  return miniflare.getD1Database(`DB${next++}`);
}
