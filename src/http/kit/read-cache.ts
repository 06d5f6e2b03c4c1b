import { sha256Hex } from '../../format/digest.ts';
import { type Download, downloadOf } from './count-download.ts';
import type { ResponseCache } from './response-cache.ts';

type Handler<Rest extends unknown[]> = (request: Request, ...rest: Rest) => Response | Promise<Response>;

/** What the answer to a request was built from, if others may be answered from memory with it. */
const tagsOf = new WeakMap<Request, string[]>();

/** Requests that came as HEAD and go through the app as GET. */
const heads = new WeakSet<Request>();

/** Whether only the headers were asked for: RFC 9110 section 9.2.1 wants nothing to happen then, whatever GET does there. */
export function wantsHeadersOnly(request: Request): boolean {
  return heads.has(request);
}

/** Lets the answer to this request be kept in memory until anything under these tags changes. */
export function keepInMemory(request: Request, tags: string[]): void {
  tagsOf.set(request, tags);
}

/**
 * Puts the memory in front of the app: anonymous GETs are answered from it without entering the router, answers
 * marked by `keepInMemory` go into it, and `If-None-Match` is answered with 304 wherever there is an ETag.
 *
 * @param credentials the headers in which any dialect takes keys
 * @param onDownload called for every whole archive that goes out, from memory or not
 */
export function withReadCache<Rest extends unknown[]>(
  cache: ResponseCache,
  app: Handler<Rest>,
  credentials: readonly string[] = [],
  onDownload?: (request: Request, download: Download) => void,
): Handler<Rest> {
  const personal = [...new Set(['authorization', 'cookie', ...credentials])];
  const handle = (request: Request, rest: Rest, noted = onDownload) => {
    const { headers } = request;
    const shared = request.method === 'GET' && !personal.some((name) => headers.has(name));
    const known = shared ? cache.get(request.url) : undefined;
    if (!known) return answer(cache, app, shared, request, rest, noted);
    const condition = headers.get('if-none-match');
    if (condition !== null && matches(condition, known.etag)) return notModified(known.init.headers);
    if (known.versionId !== undefined) noted?.(request, { versionId: known.versionId });
    return new Response(known.body, known.init);
  };
  return (request, ...rest) => {
    if (request.method !== 'HEAD') return handle(request, rest);
    const get = new Request(request, { method: 'GET' });
    heads.add(get);
    return withoutBody(handle(get, rest, () => undefined));
  };
}

/** What GET would answer, without its body: so the headers are the same, ETag and all. */
async function withoutBody(get: Response | Promise<Response>): Promise<Response> {
  const response = await get;
  await response.body?.cancel();
  return new Response(null, response);
}

async function answer<Rest extends unknown[]>(
  cache: ResponseCache,
  app: Handler<Rest>,
  shared: boolean,
  request: Request,
  rest: Rest,
  onDownload?: (request: Request, download: Download) => void,
) {
  const { generation } = cache;
  const response = await app(request, ...rest);
  const tags = tagsOf.get(request);
  const kept =
    shared && tags && response.status === 200 ? await keep(cache, request, response, tags, generation) : response;
  if (kept.status !== 200) return kept;
  const etag = kept.headers.get('etag');
  const condition = request.headers.get('if-none-match');
  if (etag !== null && condition !== null && matches(condition, etag)) {
    await kept.body?.cancel();
    return notModified(kept.headers);
  }
  const download = downloadOf(request);
  if (download) onDownload?.(request, download);
  return kept;
}

async function keep(
  cache: ResponseCache,
  request: Request,
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
  const fits = body.byteLength <= maxEntryBytes && generation === cache.generation;
  if (fits) cache.put(request.url, { init, etag, body, versionId: downloadOf(request)?.versionId }, tags);
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
