import type { Context } from 'hono';
import type { Deps } from '../../core/deps.ts';
import { readSome } from '../kit/read-body.ts';
import type { HubEnv } from '../kit/types.ts';

/** Any JSON that publishes has at most this many bytes. */
const MAX_BYTES = 1024 * 1024;

/**
 * The body of a publish that describes a skill: JSON with neither a `slug` nor `files`. A body of another kind is left, or
 * put back, for whoever answers next; of one that is too large, as much is put back as shows that it is.
 *
 * @throws Problem `request_timeout`
 */
export async function describedBody(deps: Pick<Deps, 'startTimer'>, c: Context<HubEnv>): Promise<object | undefined> {
  const { raw } = c.req;
  const declared = Number(raw.headers.get('content-length') ?? 0);
  if (!/^application\/json\s*(;|$)/i.test(raw.headers.get('content-type') ?? '') || declared > MAX_BYTES)
    return undefined;
  const bytes = await readSome(deps, raw, MAX_BYTES);
  const body = bytes.length > MAX_BYTES ? undefined : parse(bytes);
  if (typeof body === 'object' && body !== null && !Array.isArray(body) && !('slug' in body) && !('files' in body)) {
    return body;
  }
  c.req.raw = new Request(raw, { body: bytes });
  return undefined;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
