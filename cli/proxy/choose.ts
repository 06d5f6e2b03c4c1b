import { isLocal } from '../registry.ts';
import type { ProxySettings } from './settings.ts';

const PORTS: Record<string, string> = { 'http:': '80', 'https:': '443' };

/** The proxy that a request goes through, if any. This machine itself is never asked through one. */
export function proxyFor({ http, https, none }: ProxySettings, url: string): string | undefined {
  const { protocol, hostname, port } = new URL(url);
  if (isLocal(url) || isExcluded(none, hostname, port || PORTS[protocol])) return undefined;
  return protocol === 'https:' ? https : http;
}

/** An entry of NO_PROXY is `*`, or a host with all below it: `acme.example`, `.acme.example`, `acme.example:8443`. */
function isExcluded(none: string, hostname: string, port: string | undefined): boolean {
  return none.split(/[\s,]+/).some((entry) => {
    if (entry === '*') return true;
    const [, host = '', onPort] = /^(?:\*?\.)?(.+?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
    if (host === '' || (onPort !== undefined && onPort !== port)) return false;
    return hostname === host || hostname.endsWith(`.${host}`);
  });
}
