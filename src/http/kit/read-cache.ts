import { sha256Hex } from '../../format/digest.ts';
import type { ResponseCache } from './response-cache.ts';

type Handler<Rest extends unknown[]> = (request: Request, ...rest: Rest) => Response | Promise<Response>;

/** What the answer to a request was built from, if others may be answered from memory with it. */
const tagsOf = new WeakMap<Request, string[]>();

/** Lets the answer to this request be kept in memory until anything under these tags changes. */
export function keepInMemory(request: Request, tags: string[]): void {
  tagsOf.set(request, tags);
}

/**
 * Puts the memory in front of the app: anonymous GETs are answered from it without entering the router, answers
 * marked by `keepInMemory` go into it, and `If-None-Match` is answered with 304 wherever there is an ETag.
 *
 * @param credentials the headers in which any dialect takes keys
 */
export function withReadCache<Rest extends unknown[]>(
  cache: ResponseCache,
  app: Handler<Rest>,
  credentials: readonly string[] = [],
): Handler<Rest> {
  const personal = [...new Set(['authorization', 'cookie', ...credentials])];
  const handle: Handler<Rest> = (request, ...rest) => {
    const { headers } = request;
    const shared = request.method === 'GET' && !personal.some((name) => headers.has(name));
    const known = shared ? cache.get(request.url) : undefined;
    if (!known) return answer(cache, app, shared, request, rest);
    const condition = headers.get('if-none-match');
    if (condition !== null && matches(condition, known.etag)) return notModified(known.init.headers);
    return new Response(known.body, known.init);
  };
  return (request, ...rest) => (request.method === 'HEAD' ? head(handle, request, rest) : handle(request, ...rest));
}

/** What GET would answer, without its body: so the headers are the same, ETag and all. */
async function head<Rest extends unknown[]>(handle: Handler<Rest>, request: Request, rest: Rest): Promise<Response> {
  const response = await handle(new Request(request, { method: 'GET' }), ...rest);
  await response.body?.cancel();
  return new Response(null, response);
}

async function answer<Rest extends unknown[]>(
  cache: ResponseCache,
  app: Handler<Rest>,
  shared: boolean,
  request: Request,
  rest: Rest,
) {
  const { generation } = cache;
  const response = await app(request, ...rest);
  const tags = tagsOf.get(request);
  const kept =
    shared && tags && response.status === 200 ? await keep(cache, request.url, response, tags, generation) : response;
  const etag = kept.headers.get('etag');
  const condition = request.headers.get('if-none-match');
  if (etag === null || condition === null || kept.status !== 200 || !matches(condition, etag)) return kept;
  await kept.body?.cancel();
  return notModified(kept.headers);
}

async function keep(
  cache: ResponseCache,
  url: string,
  response: Response,
  tags: string[],
  generation: number,
): Promise<Response> {
  const { maxEntryBytes } = cache.options;
  if (Number(response.headers.get('content-length') ?? 0) > maxEntryBytes) return response;
  const body = await response.arrayBuffer();
  const headers = new Headers(response.headers);
  const etag = headers.get('etag') ?? `"${(await sha256Hex(new Uint8Array(body))).slice(0, 32)}"`;
  headers.set('etag', etag);
  const init = { status: 200 as const, headers };
  if (body.byteLength <= maxEntryBytes && generation === cache.generation) cache.put(url, { init, etag, body }, tags);
  return new Response(body, init);
}

/** By weak comparison, as RFC 9110 section 13.1.2 wants it for GET. */
function matches(condition: string, etag: string): boolean {
  const opaque = (tag: string) => tag.trim().replace(/^W\//, '');
  return condition.trim() === '*' || condition.split(',').some((candidate) => opaque(candidate) === opaque(etag));
}

/** The headers that RFC 9110 section 15.4.5 wants repeated. */
const REPEATED = ['cache-control', 'content-location', 'date', 'etag', 'expires', 'vary'];

function notModified(full: Headers): Response {
  const headers = new Headers();
  for (const name of REPEATED) {
    const value = full.get(name);
    if (value !== null) headers.set(name, value);
  }
  return new Response(null, { status: 304, headers });
}
