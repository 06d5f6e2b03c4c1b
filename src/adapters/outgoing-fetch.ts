import type { Outgoing } from '../core/deps.ts';
import { Problem } from '../core/problem.ts';
import { concatBytes } from '../format/concat-bytes.ts';

export interface OutgoingFetchOptions {
  /** Exact names, in lower case; none turns fetching off. */
  hosts: readonly string[];
  fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Ends the whole exchange, redirects and body included; by default after ten seconds. */
  deadline?: () => AbortSignal;
}

const MAX_REDIRECTS = 3;
const REDIRECTS = [301, 302, 303, 307, 308];
const TIMEOUT_MS = 10_000;

/**
 * Fetches what users point at, over https on its own port from hosts that the operator allows. Each redirect is followed
 * by hand and has to pass the same checks. Nothing of the hub goes along: no key, no cookie, no referrer.
 */
export function outgoingFetch(options: OutgoingFetchOptions): Outgoing {
  const { deadline = () => AbortSignal.timeout(TIMEOUT_MS) } = options;
  return {
    async get(address, maxBytes) {
      const signal = deadline();
      const started = allowed(address, options.hosts);
      const { response, url } = await follow(options, started, signal);
      if (response.status !== 200) {
        await response.body?.cancel();
        throw refused(url, `answered ${response.status}`);
      }
      return readAtMost(response, maxBytes, url);
    },
  };
}

async function follow({ fetch, hosts }: OutgoingFetchOptions, first: URL, signal: AbortSignal) {
  let url = first;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const response = await fetch(url.href, { redirect: 'manual', signal, headers: { accept: '*/*' } }).catch(
      (cause: unknown) => {
        throw unreachable(url, cause);
      },
    );
    if (!REDIRECTS.includes(response.status)) return { response, url };
    await response.body?.cancel();
    const location = response.headers.get('location');
    if (location === null || !URL.canParse(location, url.href))
      throw refused(url, 'answered with a redirect to nowhere');
    url = allowed(new URL(location, url).href, hosts);
  }
  throw refused(first, `redirects more than ${MAX_REDIRECTS} times`);
}

function allowed(address: string, hosts: readonly string[]): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url)
    throw new Problem('invalid_request', 'An address to fetch from is not a URL.', { fix: 'Send an https URL.' });
  if (url.protocol !== 'https:') throw refused(url, 'is not https');
  if (url.username !== '' || url.password !== '') throw refused(url, 'holds a user name or password');
  if (url.port !== '') throw refused(url, 'names a port');
  if (hosts.includes(url.hostname)) return url;
  const fix = hosts.length === 0 ? 'Send the text itself.' : `Use one of ${hosts.join(', ')}, or send the text itself.`;
  throw refused(url, 'is not on a host that this hub fetches from', fix);
}

/** A declared length is believed only when it is too much; what comes is counted. */
async function readAtMost(response: Response, maxBytes: number, url: URL): Promise<Uint8Array> {
  const tooLarge = refused(url, `is larger than ${maxBytes} bytes`, 'Make it shorter.');
  if (Number(response.headers.get('content-length') ?? 0) > maxBytes) {
    await response.body?.cancel();
    throw tooLarge;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge;
      chunks.push(chunk);
    }
  } catch (cause) {
    throw cause === tooLarge ? tooLarge : unreachable(url, cause);
  }
  return concatBytes(chunks, size);
}

function unreachable(url: URL, cause: unknown): Problem {
  const late = cause instanceof Error && ['TimeoutError', 'AbortError'].includes(cause.name);
  return refused(url, late ? 'did not answer in time' : 'could not be reached', 'Try again, or send the text itself.');
}

/** A query may hold a secret, so no message repeats one. */
function refused(url: URL, problem: string, fix = 'Check the address, or send the text itself.'): Problem {
  return new Problem('invalid_request', `${url.protocol}//${url.host}${url.pathname} ${problem}.`, { fix });
}
