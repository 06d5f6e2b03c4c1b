import { expect } from 'vitest';
import { getJson, type KeyHolder, newNamespace, publish as publishAny } from './skills.ts';
import { createWorld, type World } from './world.ts';

const DESCRIPTION = 'Reads, fills and merges PDF files for an agent.';
const PDF_YAML = `author: { name: Ann, email: ann@example.com, url: "https://ann.example" }
license: MIT
keywords: [PDF, forms]
capabilities: [read-pdf, fill-forms]
frameworks: { roundtable: ">=1.0.0", claude: true }
dependencies: { "@acme/csv": ^1.0.0 }
homepage: https://example.com/pdf
repository: https://github.com/acme/pdf
npm-package: "@acme/pdf-tools"
npm-version: 1.1.0
`;

/** Publishes what has to pass. */
export const publish: typeof publishAny = async (...skill) => {
  const job = await publishAny(...skill);
  if (job.status !== 'pass') throw new Error(job.message);
  return job;
};

export interface Answer {
  success: boolean;
  data: {
    skills: { name: string }[];
    results: { name: string; matchScore: number; matchReasons: string[] }[];
    pagination: object;
    query: object;
  };
}

export interface SpmCatalogue {
  world: World;
  acme: KeyHolder;
  get<T = Answer>(path: string, headers?: Record<string, string>): Promise<T>;
  /** Names of what a list and a search answer. */
  listed(query: string): Promise<string[]>;
  found(query: string): Promise<string[]>;
  /** An error answer of this dialect, but for what differs from request to request. */
  refusalOf(path: string, init?: RequestInit): Promise<Record<string, unknown> & { status: number }>;
}

/** Two versions of a skill of acme, a second skill with a star, a namesake of umbrella, and a private skill of acme. */
export async function spmCatalogue(): Promise<SpmCatalogue> {
  const world = await createWorld();
  const acme = await newNamespace(world);
  const umbrella = await newNamespace(world, 'umbrella');
  await publish(world, acme.key, { body: 'First.' });
  world.advance(1000);
  await publish(world, acme.key, { version: '1.1.0', files: { 'skill.yaml': PDF_YAML } });
  world.advance(1000);
  const csv = 'keywords: [tables, forms]\ncapabilities: [read-csv]\nframeworks: [claude]\n';
  await publish(world, acme.key, {
    name: 'csv',
    description: 'Sums up tables for an agent, row by row.',
    files: { 'skill.yaml': csv },
  });
  world.advance(1000);
  await publish(world, umbrella.key, { description: 'Another one for PDF files.' });
  const secret = { name: 'secret-plan', files: { 'skill.yaml': 'keywords: [forms, hidden]\n' } };
  await publish(world, acme.key, secret, '?visibility=private');
  await world.fetch('/api/v1/stars/csv', { method: 'POST', headers: acme.headers });
  const get = <T = Answer>(path: string, headers: Record<string, string> = {}) =>
    getJson<T>(world, `/api/v1${path}`, headers);
  return {
    world,
    acme,
    get,
    listed: async (query) => (await get(`/skills${query}`)).data.skills.map(({ name }) => name),
    found: async (query) => (await get(`/search${query}`)).data.results.map(({ name }) => name),
    async refusalOf(path, init) {
      const response = await world.fetch(`/api/v1${path}`, init);
      const { timestamp, requestId, ...body } = await response.json<Record<string, unknown>>();
      expect(timestamp).toBe(new Date(world.clock.now()).toISOString());
      expect(requestId).toMatch(/^[0-9a-z]{26}$/);
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
      return { status: response.status, ...body };
    },
  };
}

export const PDF_SKILL = {
  id: 'acme/pdf-tools',
  name: 'pdf-tools',
  version: '1.1.0',
  description: DESCRIPTION,
  author: { name: 'Ann', email: 'ann@example.com', url: 'https://ann.example' },
  license: 'MIT',
  keywords: ['PDF', 'forms'],
  capabilities: ['read-pdf', 'fill-forms'],
  frameworks: ['roundtable', 'claude'],
  downloads: 0,
  rating: null,
  homepage: 'https://example.com/pdf',
  repository: 'https://github.com/acme/pdf',
  npmPackage: '@acme/pdf-tools',
  publishedAt: '2026-01-01T00:00:01.000Z',
  updatedAt: '2026-01-01T00:00:01.000Z',
};
