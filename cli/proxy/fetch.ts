import type { CliContext } from '../context.ts';
import { CodedError } from '../failure.ts';
import { proxyFor } from './choose.ts';
import { type ProxySettings, readProxySettings, showProxy } from './settings.ts';

type Fetch = CliContext['fetch'];

/** A fetch that goes through the proxies that the environment or the configuration name; without any it is `direct`. */
export function proxiedFetch(context: Pick<CliContext, 'env' | 'home'>, direct: Fetch): Fetch {
  let reading: Promise<ProxySettings | undefined> | undefined;
  let opening: Promise<Fetch> | undefined;
  return async (url, options) => {
    reading ??= readProxySettings(context);
    const settings = await reading;
    const proxy = settings && proxyFor(settings, url);
    if (settings === undefined || proxy === undefined) return direct(url, options);
    opening ??= import('./through.ts').then(({ fetchThrough }) => fetchThrough(settings));
    try {
      return await (await opening)(url, options);
    } catch (cause) {
      throw unreachable(url, `${showProxy(proxy)} (${settings.origin})`, cause);
    }
  };
}

function unreachable(url: string, proxy: string, cause: unknown): CodedError {
  const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const why = reason instanceof Error ? reason.message || ('code' in reason ? reason.code : reason.name) : reason;
  const { origin, hostname } = new URL(url);
  return new CodedError(
    'network',
    `${origin} cannot be reached through the proxy ${proxy}: ${why}.`,
    `Check the proxy, or put ${hostname} into NO_PROXY to do without it.`,
    1,
    { cause },
  );
}
