import type { Settings } from '../../src/core/deps.ts';
import { newNamespace } from './skills.ts';
import { createWorld, type World } from './world.ts';

/** Of version 0.2 and of version 0.1. */
export const V2 = '.well-known/agent-skills/index.json';
export const V1 = '.well-known/skills/index.json';

/** An index of either version, as far as the tests read it. */
export interface Index {
  $schema?: string;
  skills: { name: string; url: string; digest: string; version: string; files: string[] }[];
}

/** A hub with the namespace acme. */
export async function hub(settings: Partial<Settings> = {}) {
  const world = await createWorld({ settings });
  return { world, ...(await newNamespace(world)) };
}

export const names = ({ skills }: Index) => skills.map(({ name }) => name);

/** Makes a skill of acme private. */
export const hide = (world: World, name: string, headers: Record<string, string>) =>
  world.fetch(`/v1/packages/acme/${name}/visibility`, {
    method: 'PUT',
    headers: { ...headers, 'content-type': 'application/json' },
    body: '{"visibility":"private"}',
  });
