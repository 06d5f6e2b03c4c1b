import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Actor } from '../../core/accounts/actor.ts';
import { listSkills } from '../../core/catalog/list-skills.ts';
import { search } from '../../core/catalog/search.ts';
import { type SkillSummary, summariesOf } from '../../core/catalog/skill-summaries.ts';
import type { Deps } from '../../core/deps.ts';
import { setCaching } from '../kit/caching.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { limitOf } from './params.ts';
import { refusals } from './refusals.ts';
import { searchSchema } from './schemas.ts';
import { installReference, shorten, wireOwner } from './wire.ts';

const route = createRoute({
  method: 'get',
  path: '/search',
  tags: ['Reading'],
  summary: 'Search skills',
  request: {
    query: z.object({
      q: z.string().trim().max(200).default(''),
      limit: limitOf(25, 100),
      mode: z
        .enum(['exact'], { error: 'Invalid search mode' })
        .optional()
        .meta({ description: '`exact`: skills of exactly this name.' }),
    }),
  },
  responses: { 200: json(searchSchema, 'Best first; nothing without `q`.'), ...refusals(400, 401) },
});

type Scored = { skill: SkillSummary; score: number };

export function searchEndpoint(app: ClawhubApp, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { q, limit, mode } = c.req.valid('query');
    const actor = c.get('actor');
    const found =
      mode === 'exact' ? await searchExact(deps, actor, q, limit) : await searchSkills(deps, actor, q, limit);
    setCaching(c, { public: actor.kind === 'anonymous', pinned: false, tags: ['search'] });
    return c.json({ results: found.map(toRow) }, 200);
  });
}

/** What a search finds, best first; nothing when nothing is asked. */
export async function searchSkills(
  deps: Pick<Deps, 'db'>,
  actor: Actor,
  query: string,
  limit: number,
): Promise<Scored[]> {
  if (query === '') return [];
  const { hits } = await search(deps, actor, { query, page: 1, limit });
  const scores = new Map(hits.map(({ id, score }) => [id, score]));
  const skills = await summariesOf(deps, [...scores.keys()]);
  return skills.map((skill) => ({ skill, score: scores.get(skill.id) ?? 0 }));
}

async function searchExact(deps: Pick<Deps, 'db'>, actor: Actor, query: string, limit: number): Promise<Scored[]> {
  const { skills } = await listSkills(deps, actor, { sort: 'name', name: query.toLowerCase(), limit });
  return skills.map((skill) => ({ skill, score: 1 }));
}

function toRow({ skill, score }: Scored) {
  return {
    id: String(skill.id),
    score,
    slug: skill.name,
    displayName: skill.displayName,
    summary: shorten(skill.summary),
    version: skill.latest.version,
    updatedAt: skill.updatedAt,
    source: 'clawhub' as const,
    ownerHandle: skill.namespace,
    owner: wireOwner(skill.namespace),
    install: installReference(skill),
  };
}
