import type { MiddlewareHandler } from 'hono';
import type { Deps, StartTimer } from '../../core/deps.ts';
import { Problem, type ProblemDetails } from '../../core/problem.ts';
import { concatBytes } from '../../format/concat-bytes.ts';
import type { HubEnv } from './types.ts';

/** A body has to come at 1 KiB a second or more in each period, and whole within ten minutes. */
export const BODY_PATIENCE = { periodMs: 10_000, leastBytes: 10 * 1024, wholeMs: 600_000 };

type ReadDeps = Pick<Deps, 'startTimer'>;

/**
 * Reads a body whole, counting as it goes, and stops at the limit whatever Content-Length says.
 *
 * @throws Problem `payload_too_large`, `request_timeout` for one that trickles
 */
export async function readBody(
  deps: ReadDeps,
  request: Request,
  maxBytes: number,
  details: ProblemDetails = { fix: 'Leave out what the skill does not need.' },
): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new Problem('payload_too_large', `The body is larger than ${maxBytes} bytes.`, details);
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > maxBytes) throw tooLarge();
  const bytes = await readSome(deps, request, maxBytes);
  if (bytes.length > maxBytes) throw tooLarge();
  return bytes;
}

/**
 * Reads a body until its end, or until there is more than `maxBytes` of it.
 *
 * @throws Problem `request_timeout`
 */
export async function readSome(
  { startTimer }: ReadDeps,
  request: Request,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!request.body) return new Uint8Array();
  const reader = request.body.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const watch = watchBody(startTimer, () => size);
  try {
    while (size <= maxBytes) {
      const { done, value } = await Promise.race([reader.read(), watch.late]);
      if (done) return concatBytes(chunks, size);
      chunks.push(value);
      size += value.length;
    }
    return concatBytes(chunks, size);
  } finally {
    watch.end();
    // Nobody waits for the sender to agree; after the end of a body there is nothing to cancel.
    reader.cancel().catch(() => undefined);
  }
}

/** Bounds the bodies of whatever comes after it, which then are in memory. */
export function limitBody(deps: ReadDeps, maxBytes: number): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    if (c.req.raw.body) c.req.raw = new Request(c.req.raw, { body: await readBody(deps, c.req.raw, maxBytes, {}) });
    await next();
  };
}

/** `late` is rejected once too little has come in a period, or the whole takes too long. */
function watchBody(startTimer: StartTimer, received: () => number): { late: Promise<never>; end: () => void } {
  const { periodMs, leastBytes, wholeMs } = BODY_PATIENCE;
  const { promise: late, reject } = Promise.withResolvers<never>();
  // It may be rejected between two reads, when nothing awaits it.
  late.catch(() => undefined);
  let waited = 0;
  let before = 0;
  const check = () => {
    waited += periodMs;
    if (received() - before < leastBytes || waited >= wholeMs) return reject(tooSlow());
    before = received();
    end = startTimer(periodMs, check);
  };
  let end = startTimer(periodMs, check);
  return { late, end: () => end() };
}

function tooSlow(): Problem {
  return new Problem('request_timeout', 'The body came too slowly.', {
    fix: 'Send it again over a faster connection: at least 1 KiB a second, and all of it within ten minutes.',
  });
}
