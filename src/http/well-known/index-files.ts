import type * as z from 'zod';
import { type DiscoveredSkill, listFiles } from '../../core/catalog/discover.ts';
import type { Deps } from '../../core/deps.ts';
import { json } from '../kit/openapi.ts';
import type { WellKnownApp } from './app.ts';
import { describe } from './describe.ts';
import { cache } from './headers.ts';
import { indexV1Schema, indexV2Schema, SCHEMA_V2 } from './schemas.ts';
import type { Scope } from './scopes.ts';

const MAX_DESCRIPTION = 1024;

/** The index of a scope, in the draft's version 0.2 and in 0.1. */
export function indexEndpoints(app: WellKnownApp, deps: Deps, scope: Scope): void {
  const v2 = `${scope.path}/.well-known/agent-skills/index.json`;
  describe(app, scope, v2, `Index of ${scope.summary}`, json(indexV2Schema, 'Archives with their digests.'));
  app.get(v2, async (c) => {
    const { skills, base, caching } = await scope.select(c);
    cache(c, caching);
    return c.json({ $schema: SCHEMA_V2, skills: skills.map((skill) => toV2(skill, base)) }, 200);
  });

  const v1 = `${scope.path}/.well-known/skills/index.json`;
  describe(app, scope, v1, `Index of ${scope.summary}, version 0.1`, json(indexV1Schema, 'Names of single files.'));
  app.get(v1, async (c) => {
    const { skills, caching } = await scope.select(c);
    const entries = await Promise.all(skills.map(async (skill) => toV1(skill, await listFiles(deps, skill))));
    cache(c, caching);
    return c.json({ skills: entries.filter(({ files }) => files.every(isPlain)) }, 200);
  });
}

function toV2(skill: DiscoveredSkill, base: string): z.infer<typeof indexV2Schema>['skills'][number] {
  const { namespace, name, version, tar } = skill;
  return {
    name,
    type: 'archive',
    description: shorten(skill.description),
    url: `${base}/${namespace}/${name}/.well-known/agent-skills/${encodeURIComponent(version)}.tar.gz`,
    digest: `sha256:${tar.sha256}`,
    namespace,
    version,
    size: tar.size,
  };
}

function toV1(skill: DiscoveredSkill, files: string[]): z.infer<typeof indexV1Schema>['skills'][number] {
  const { namespace, name, version } = skill;
  return { name, description: shorten(skill.description), files, namespace, version };
}

/** Clients count UTF-16 units and pass over an entry that has more; skills are held to as many characters. */
function shorten(description: string): string {
  return description.length <= MAX_DESCRIPTION ? description : description.slice(0, MAX_DESCRIPTION).toWellFormed();
}

/**
 * Clients put a path into a URL as it is, and refuse the whole index for a path with `..` in it. A skill with such
 * a file would arrive without it, so it is in the index of archives only.
 */
function isPlain(path: string): boolean {
  return !path.includes('..') && !/[#%]/.test(path);
}
