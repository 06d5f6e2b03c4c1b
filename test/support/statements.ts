import { vi } from 'vitest';
import type { World } from './world.ts';

/** The SQL that libSQL runs during an action, in order; each statement of a batch counts. */
export async function statements(world: World, action: () => Promise<unknown>): Promise<string[]> {
  const { libsql } = world.client;
  if (!libsql) throw new Error('statements are counted below libSQL only');
  const executed = vi.spyOn(libsql, 'execute');
  const batched = vi.spyOn(libsql, 'batch');
  try {
    await action();
    const singles: unknown[] = executed.mock.calls.map(([statement]) => statement);
    const grouped: unknown[] = batched.mock.calls.flatMap(([all]) => all);
    return [...singles, ...grouped].map(sqlOf);
  } finally {
    executed.mockRestore();
    batched.mockRestore();
  }
}

/** Takes the database away from the app, so that whatever still works did without it. */
export function unplugDatabase(world: World): void {
  world.deps.db = new Proxy(world.deps.db, {
    get() {
      throw new Error('the database is unplugged');
    },
  });
}

function sqlOf(statement: unknown): string {
  if (typeof statement === 'string') return statement;
  if (typeof statement === 'object' && statement !== null && 'sql' in statement) return String(statement.sql);
  throw new Error('the database was given something that is no statement');
}
