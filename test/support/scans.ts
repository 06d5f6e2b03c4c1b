import { expect } from 'vitest';
import { getJson, newNamespace, postJson, publish, worldWithKey } from './skills.ts';
import type { World } from './world.ts';

export const START = Date.UTC(2026, 0, 1);
export const SCAN = '/api/v1/skills/-/scan';
export const FILES = { 'references/a.md': '# A\n', 'references/b.md': '# B\n' };
export const TOO_MANY = '3 files; the limit is 2';

export type Headers = Record<string, string>;

/** Acme has a skill of three files, and there is another namespace. */
export async function worldWithSkill(query?: string) {
  const { world, key, headers } = await worldWithKey();
  await publish(world, key, { files: FILES }, query);
  return { world, key, headers, other: await newNamespace(world, 'other') };
}

export const request = (world: World, headers: Headers, source: Record<string, unknown> = {}, update = false) =>
  postJson(world, SCAN, { source: { kind: 'published', slug: 'pdf-tools', ...source }, update }, headers);

/** The JSON of an answer that has to be 200, and kept by nobody. */
export async function ok<T = Record<string, unknown>>(response: Response): Promise<T> {
  if (response.status !== 200) throw new Error(`answered ${response.status}: ${await response.text()}`);
  expect(response.headers.get('cache-control')).toBe('no-store');
  return response.json();
}

/** Requests a scan and works it off. */
export async function scan(world: World, headers: Headers, source?: Record<string, unknown>): Promise<string> {
  const { scanId } = await ok<{ scanId: string }>(await request(world, headers, source));
  await world.drain();
  return scanId;
}

export const status = (world: World, headers: Headers, id: string) => getJson(world, `${SCAN}/${id}`, headers);

/** Tomorrow's rules: what was published with three files may have only two. */
export function tighten(world: World): void {
  world.deps.settings.limits = { ...world.deps.settings.limits, maxFiles: 2 };
}
