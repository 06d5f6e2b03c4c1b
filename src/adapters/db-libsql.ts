import { drizzle } from 'drizzle-orm/libsql/web';
import type { Db } from '../db/client.ts';
import * as schema from '../db/schema/index.ts';

/** A libSQL server over HTTP, instead of D1. */
export function libsql(url: string, authToken: string | undefined): Db {
  // The two drivers type `run` and raw batch results differently; core reads neither (see `Db`).
  return drizzle({ connection: { url, authToken }, schema }) as unknown as Db;
}
