import { getJson, newNamespace, postJson, publish, type SkillOptions } from './skills.ts';
import { createWorld, type World } from './world.ts';

export type Headers = Record<string, string>;

/** Acme has a skill, umbrella may get it. */
export async function twoNamespaces(options?: SkillOptions, query?: string) {
  const world = await createWorld();
  const acme = await newNamespace(world);
  const umbrella = await newNamespace(world, 'umbrella');
  await publish(world, acme.key, options, query);
  return { world, acme, umbrella };
}

export const offer = (world: World, headers: Headers, ref: string, to = 'umbrella', message?: string) => {
  const [slug = '', query = ''] = ref.split('?');
  const path = `/api/v1/skills/${slug}/transfer${query && `?${query}`}`;
  return postJson(world, path, { toUserHandle: to, message }, headers);
};
export const decide = (world: World, headers: Headers, verb: 'accept' | 'reject' | 'cancel', ref: string) => {
  const [slug = '', query = ''] = ref.split('?');
  return postJson(world, `/api/v1/skills/${slug}/transfer/${verb}${query && `?${query}`}`, {}, headers);
};
export const transfersOf = (world: World, headers: Headers, direction: 'incoming' | 'outgoing') =>
  getJson<{ transfers: Record<string, unknown>[] }>(world, `/api/v1/transfers/${direction}`, headers);

export async function ok(response: Response): Promise<Record<string, unknown>> {
  if (response.status !== 200) throw new Error(`answered ${response.status}: ${await response.text()}`);
  const cache = response.headers.get('cache-control');
  if (cache !== 'no-store') throw new Error(`answered with Cache-Control: ${cache}`);
  return response.json();
}

/** Offers and accepts. */
export async function give(world: World, from: Headers, to: Headers, ref: string, namespace: string) {
  await ok(await offer(world, from, ref, namespace));
  return ok(await decide(world, to, 'accept', ref));
}

export const rows = async (world: World, sql: string) => (await world.client.execute(sql)).rows;
export const identities = (world: World) => rows(world, 'SELECT namespace, name, slug FROM skills ORDER BY id');
export const aliases = (world: World) =>
  rows(world, 'SELECT namespace, name, slug FROM skill_aliases ORDER BY namespace');
