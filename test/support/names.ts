import { postJson } from './skills.ts';
import type { World } from './world.ts';

type Headers = Record<string, string>;

/** Renames as ClawHub's clients do. */
export const rename = (world: World, headers: Headers, slug: string, newSlug: string, ownerHandle?: string) =>
  postJson(world, `/api/v1/skills/${slug}/rename`, { newSlug, ownerHandle }, headers);

/** Merges as ClawHub's clients do. */
export const merge = (world: World, headers: Headers, slug: string, body: Record<string, string>) =>
  postJson(world, `/api/v1/skills/${slug}/merge`, body, headers);

/** Sets a tag as ClawHub's clients do. */
export const tag = (world: World, headers: Headers, slug: string, name: string, version: string, owner?: string) =>
  postJson(world, `/api/v1/skills/${slug}/tags/${name}`, { version, ownerHandle: owner }, headers);

/** The body of a change that has to succeed and that nobody keeps. */
export async function done(response: Response): Promise<unknown> {
  const text = await response.text();
  if (response.status !== 200) throw new Error(`expected 200, got ${response.status}: ${text}`);
  if (response.headers.get('cache-control') !== 'no-store') throw new Error('a change may be kept by caches');
  return JSON.parse(text);
}

/** Lets something happen after all that the next change checks, and before what it writes. */
export function inBetween(world: World, action: () => Promise<Response>): void {
  const { db } = world.deps;
  world.deps.db = new Proxy(db, {
    get(target, name, receiver) {
      if (name !== 'batch') return Reflect.get(target, name, receiver);
      return async (...args: Parameters<typeof db.batch>) => {
        world.deps.db = db;
        const { status } = await action();
        if (status > 299) throw new Error(`what should come in between answered ${status}`);
        return db.batch(...args);
      };
    },
  });
}
