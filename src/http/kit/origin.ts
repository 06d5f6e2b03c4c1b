import type { Context } from 'hono';
import type { Settings } from '../../core/deps.ts';
import type { HubEnv } from './types.ts';

/** The origin under which people reach the hub: as its operator says, else as they asked. */
export function hubOrigin(c: Context<HubEnv>, { publicUrl }: Pick<Settings, 'publicUrl'>): string {
  return publicUrl ?? new URL(c.req.url).origin;
}
