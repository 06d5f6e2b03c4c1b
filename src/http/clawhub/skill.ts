import { createRoute } from '@hono/zod-openapi';
import { describeSkill } from '../../core/catalog/describe-skill.ts';
import type { OwnedRef } from '../../core/catalog/find-by-ref.ts';
import type { SkillSummary } from '../../core/catalog/skill-summaries.ts';
import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { setCaching } from '../kit/caching.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import type { Extras } from './extras.ts';
import { ownerQuery, refOf, skillCaching, slugParams } from './params.ts';
import { refusals } from './refusals.ts';
import { skillSchema } from './schemas.ts';
import { wireLatest, wireOwner, wireSkill } from './wire.ts';

const common = { method: 'get' as const, tags: ['Reading'], request: { params: slugParams, query: ownerQuery } };

const detailRoute = createRoute({
  ...common,
  path: '/skills/{slug}',
  summary: 'A skill and its latest version',
  responses: {
    200: json(skillSchema, 'Named as it was asked for, while that is its name.'),
    ...refusals(400, 401, 404, 410),
  },
});

const cardRoute = createRoute({
  ...common,
  path: '/skills/{slug}/card',
  summary: 'The generated card of a skill: there is none on this hub',
  responses: refusals(400, 401, 404),
});

/** What clients shall go on with: what they asked for, unless the skill is called otherwise now. */
function slugFor({ slug, name }: { slug: string | null; name: string }, asked: OwnedRef): string {
  if (asked.slug === slug || asked.slug === name) return asked.slug;
  return asked.owner === undefined ? (slug ?? name) : name;
}

/** Never a block: heuristics err, and clients let nobody past one. */
function wireModeration(verdict: SkillSummary['latest']['verdict']) {
  if (verdict === null || verdict === 'clean') return null;
  return { isSuspicious: true, isMalwareBlocked: false as const, verdict };
}

export function skillEndpoints(app: ClawhubApp, deps: Deps, extras: Extras): void {
  app.openapi(detailRoute, async (c) => {
    const { slug } = c.req.valid('param');
    const ref = refOf(slug, c.req.valid('query'));
    const { skill: found, summary: skill, versions } = await describeSkill(deps, c.get('actor'), ref);
    if (!skill) throw new Problem('not_found', `There is no skill ${slug}.`, { missing: 'skill' });
    setCaching(c, skillCaching(c, found));
    const answer = {
      skill: wireSkill(skill, slugFor(found, ref)),
      latestVersion: wireLatest(skill),
      metadata: null,
      owner: wireOwner(skill.namespace),
      moderation: wireModeration(skill.latest.verdict),
      ...extras.detail(skill, versions),
    };
    return c.json(answer, 200);
  });
  app.openapi(cardRoute, () => {
    throw new Problem('not_found', 'Skill Card not found');
  });
}
