import { EnvHttpProxyAgent, fetch } from 'undici/index-fetch.js';
import type { CliContext, SendOptions } from '../context.ts';
import type { ProxySettings } from './settings.ts';

/** A fetch that sends everything through proxies. Node learns of them from 22.21 on, and users may have an older one. */
export function fetchThrough({ http, https }: ProxySettings): CliContext['fetch'] {
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: http ?? '',
    httpsProxy: https ?? '',
    noProxy: '',
    // Plain HTTP is what proxies forward; many open tunnels for HTTPS only.
    proxyTunnel: false,
  });
  return async (url: string, options: SendOptions) => {
    const response: unknown = await fetch(url, { ...options, dispatcher });
    return response as Response;
  };
}
