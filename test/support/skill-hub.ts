import type * as z from 'zod';
import type { cardSchema, recordSchema } from '../../src/http/hub/schemas.ts';
import { newNamespace, publish } from './skills.ts';
import { createWorld, type World } from './world.ts';

export const P = '/api/v1/skill';
export const L = '/api/skill';

export type Snapshot = z.infer<typeof cardSchema>;
export type SkillRecord = z.infer<typeof recordSchema>;

export interface Envelope<T> {
  code: number;
  message: string;
  success: boolean;
  data: T;
}

/** As curl 7.88 sends it. */
export const CURL = { accept: '*/*', 'user-agent': 'curl/7.88.1' };

/** Alice has a skill, bob has nothing. */
export async function aliceAndBob() {
  const world = await createWorld();
  const alice = await newNamespace(world, 'alice');
  const bob = await newNamespace(world, 'bob');
  await publish(world, alice.key, { name: 'calendar', frontmatter: 'keywords: [productivity]\n' });
  return { world, alice, bob };
}

/** The answer to a GET that has to be 200, out of its envelope. */
export async function hubGet<T>(world: World, path: string, headers: Record<string, string> = {}): Promise<T> {
  const response = await world.fetch(path, { headers: { ...CURL, ...headers } });
  const body = await response.json<Envelope<T>>();
  if (response.status !== 200) throw new Error(`GET ${path} answered ${response.status}: ${body.message}`);
  const { data, ...rest } = body;
  if (JSON.stringify(rest) !== '{"code":200,"message":"","success":true}') throw new Error(JSON.stringify(rest));
  return data;
}

/** A refusal: its status and message, after checking that the envelope says the same. */
export async function refusal(response: Response): Promise<{ status: number; message: string }> {
  const { message, ...rest } = await response.json<Envelope<null>>();
  const expected = { code: response.status, success: false, data: null };
  if (JSON.stringify(rest) !== JSON.stringify(expected)) throw new Error(JSON.stringify(rest));
  const cacheControl = response.headers.get('cache-control');
  if (cacheControl !== 'no-store') throw new Error(`a refusal came with Cache-Control ${cacheControl}`);
  return { status: response.status, message };
}

export function put(world: World, slug: string, patch: unknown, headers: Record<string, string> = {}, prefix = L) {
  return world.fetch(`${prefix}/edit/${slug}`, {
    method: 'PUT',
    headers: { ...CURL, 'content-type': 'application/json', ...headers },
    body: typeof patch === 'string' ? patch : JSON.stringify(patch, null, 2),
  });
}

/** The card after an edit that has to succeed. */
export async function edited(world: World, slug: string, patch: unknown, headers: Record<string, string>) {
  const response = await put(world, slug, patch, headers);
  const body = await response.json<Envelope<Snapshot>>();
  if (response.status !== 200) throw new Error(`PUT edit answered ${response.status}: ${body.message}`);
  return body.data;
}
