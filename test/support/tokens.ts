import { bearer, postJson } from './skills.ts';
import type { World } from './world.ts';

export const START = Date.UTC(2026, 0, 1);
export const URL = '/api/v1/auth/token';

export interface Issued {
  token: string;
  tokenType: string;
  expiresIn: number;
  expiresAt: string;
  scopes: string[];
}

/** Buys a token. */
export async function issueToken(world: World, body: object, headers: Record<string, string>): Promise<Issued> {
  const response = await postJson(world, URL, body, headers);
  if (response.status !== 200) throw new Error(`token answered ${response.status}: ${await response.text()}`);
  return (await response.json<{ data: Issued }>()).data;
}

/** What a request with the token is answered with. */
export async function statusOf(world: World, token: string): Promise<number> {
  return (await world.fetch('/v1/whoami', { headers: bearer(token) })).status;
}
