import type { Context } from 'hono';
import type { Actor } from '../../core/accounts/actor.ts';
import type { Deps } from '../../core/deps.ts';
import { clientAddress } from './client-address.ts';
import type { HubEnv } from './types.ts';

/** What an answer is a download of, if it goes out whole. */
export interface Download {
  versionId: string;
  /** Tells the owner of a key apart from others; absent for requests without one, which count by their address. */
  client?: string;
}

const downloads = new WeakMap<Request, Download>();

/** Says that the answer to this request is an archive of that version. It counts once it went out as 200 to a GET. */
export function countDownload(c: Context<HubEnv>, version: { id: string }): void {
  downloads.set(c.req.raw, { versionId: version.id, client: clientOf(c.get('actor')) });
}

/** A link is a right that many may hold, not a client: whoever reads through one is anonymous here. */
function clientOf(actor: Actor): string | undefined {
  if (actor.kind === 'anonymous') return undefined;
  return actor.kind === 'key' ? `key ${actor.keyId}` : 'operator';
}

export function downloadOf(request: Request): Download | undefined {
  return downloads.get(request);
}

/** Notes downloads; clients without a key and without a known address count as one. */
export function downloadNoter(
  deps: Pick<Deps, 'downloads' | 'settings'>,
): (request: Request, download: Download) => void {
  return (request, { versionId, client }) => {
    const address = () => `address ${clientAddress(request, deps.settings) ?? 'unknown'}`;
    deps.downloads.note(versionId, client ?? address());
  };
}
