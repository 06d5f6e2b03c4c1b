import { createHash, createHmac } from 'node:crypto';
import { join } from 'node:path';

const OBJECTS = 'miniflare-D1DatabaseObject';

/** Where the simulator stores the database of that id: it names the file by the Durable Object behind it. */
export function d1File(d1Persist: string, databaseId: string): string {
  const key = createHash('sha256').update(OBJECTS).digest();
  const half = (text: string | Buffer) => createHmac('sha256', key).update(text).digest().subarray(0, 16);
  const name = half(databaseId);
  return join(d1Persist, OBJECTS, `${Buffer.concat([name, half(name)]).toString('hex')}.sqlite`);
}
