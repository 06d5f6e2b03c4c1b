import type { Context } from 'hono';
import type { HubEnv } from '../kit/types.ts';

/** A skill as it stands in a path. */
export interface Address {
  namespace: string;
  name: string;
  /** A version, `latest` or another tag, or a range. */
  version: string;
}

/**
 * Reads `<name>` or `<name>@<version, tag or range>`. `skills find` prints `<source>@<name>`, so a skill's own name after
 * the `@` means the latest version too.
 */
export function parseAddress(namespace: string, segment: string): Address {
  const at = segment.indexOf('@');
  if (at === -1) return { namespace, name: segment, version: 'latest' };
  const name = segment.slice(0, at);
  const rest = segment.slice(at + 1);
  return { namespace, name, version: rest === name ? 'latest' : rest };
}

/** A parameter that the route's path has. */
export function pathParam(c: Context<HubEnv>, name: string): string {
  const value = c.req.param(name);
  if (value === undefined) throw new Error(`the route ${c.req.path} has no parameter ${name}`);
  return value;
}
