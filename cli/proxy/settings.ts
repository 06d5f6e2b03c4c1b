import type { CliContext } from '../context.ts';
import { usageError } from '../failure.ts';
import { readConfig } from '../home.ts';

/** Which proxies requests go through. */
export interface ProxySettings {
  /** For http:// and for https://; undefined where there is none. */
  http: string | undefined;
  https: string | undefined;
  /** Hosts that are asked without one, with commas between them; `*` for all. */
  none: string;
  /** Who says so, for people: a variable, or the configuration. */
  origin: string;
}

const PROTOCOLS = ['http:', 'https:'];
const VARIABLES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'];

/**
 * The proxies to use: those of the environment (the lower case name of a variable goes before the other), else that of the
 * configuration.
 *
 * @throws CodedError `usage` for an address that cannot be a proxy, naming where it comes from
 * @throws UserError for a damaged configuration
 */
export async function readProxySettings(context: Pick<CliContext, 'env' | 'home'>): Promise<ProxySettings | undefined> {
  const { env } = context;
  const names = VARIABLES.filter((name) => env[name]);
  if (names.length > 0) {
    for (const name of names) checkProxy(env[name] ?? '', name);
    const http = env.http_proxy || env.HTTP_PROXY;
    const https = env.https_proxy || env.HTTPS_PROXY || http;
    return { http, https, none: env.no_proxy ?? env.NO_PROXY ?? '', origin: names.join(', ') };
  }
  const { proxy, noProxy = '' } = await readConfig(context);
  if (proxy === undefined) return undefined;
  checkProxy(proxy, 'the configuration');
  return { http: proxy, https: proxy, none: env.no_proxy ?? env.NO_PROXY ?? noProxy, origin: 'the configuration' };
}

/** The address of a proxy, checked. @throws CodedError `usage` */
export function parseProxy(text: string): string {
  checkProxy(text, undefined);
  return text;
}

/** The address of a proxy without its password. */
export function showProxy(address: string): string {
  if (!URL.canParse(address)) return '(not an address)';
  const url = new URL(address);
  if (url.username || url.password) {
    url.username = '***';
    url.password = '';
  }
  return url.href.replace(/\/$/, '');
}

/** @param place where the address stands, for people */
function checkProxy(address: string, place: string | undefined): void {
  if (URL.canParse(address) && PROTOCOLS.includes(new URL(address).protocol)) return;
  // It may hold a password, so that it is not repeated.
  const of = place === undefined ? 'This is' : `What ${place} names as a proxy is`;
  throw usageError(`${of} not the address of a proxy.`, 'Write it like http://proxy.example:3128.');
}
