import { refusalOf } from './clawhub.ts';
import { getJson, type KeyHolder, newNamespace, publish } from './skills.ts';
import { createWorld, type World } from './world.ts';

export const START = Date.UTC(2026, 0, 1);
export const FILES = { 'scripts/run.sh': 'echo hi\n', 'README.md': '# Read me\n' };
export const OWNER = { handle: 'acme', displayName: 'acme', image: null };

type Headers = Record<string, string>;

export interface Catalogue {
  world: World;
  acme: KeyHolder;
  umbrella: KeyHolder;
  /** What ClawHub's clients read of an answer: what another dialect adds to it is tested there. */
  get: <T = unknown>(
    path: string,
    headers?: Headers,
  ) => Promise<Omit<T & { success?: true; data?: unknown }, 'success' | 'data'>>;
  refused(path: string, headers?: Headers): Promise<{ status: number; text: string }>;
}

/** Two versions of a skill of acme, a namesake of umbrella, and a private skill of acme. */
export async function clawhubCatalogue(): Promise<Catalogue> {
  const world = await createWorld();
  const acme = await newNamespace(world);
  const umbrella = await newNamespace(world, 'umbrella');
  await publish(world, acme.key, { files: FILES, frontmatter: 'license: MIT\n' });
  world.advance(1000);
  await publish(world, acme.key, { version: '1.1.0', files: FILES, frontmatter: 'license: MIT-0\n' });
  await publish(world, umbrella.key, { description: 'Another one that handles PDF files, by somebody else.' });
  const secret = { name: 'secret-plan', description: 'Nobody else should learn of this one.' };
  await publish(world, acme.key, secret, '?visibility=private');
  return {
    world,
    acme,
    umbrella,
    async get<T>(path: string, headers: Headers = {}) {
      const answer = await getJson<T & { success?: true; data?: unknown }>(world, `/api/v1${path}`, headers);
      const { success: _, data: __, ...own } = answer;
      return own;
    },
    refused: async (path, headers = {}) => refusalOf(await world.fetch(`/api/v1${path}`, { headers })),
  };
}
