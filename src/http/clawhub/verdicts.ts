import { createRoute } from '@hono/zod-openapi';
import type * as z from 'zod';
import type { Deps } from '../../core/deps.ts';
import { type Verdict, verdictsOn } from '../../core/vetting/verdicts.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { originOf } from './params.ts';
import { refusals } from './refusals.ts';
import { verdictRequestSchema, verdictsSchema } from './schemas.ts';
import { overviewOf, reasonsOf, wireSecurity } from './wire.ts';

const route = createRoute({
  method: 'post',
  path: '/skills/-/security-verdicts',
  tags: ['Reading'],
  summary: 'What vetting said of up to 100 versions',
  request: { body: { required: true, ...json(verdictRequestSchema, 'Which versions.') } },
  responses: {
    200: json(verdictsSchema, 'One entry for each asked for, in the same order.'),
    ...refusals(400, 401, 413),
  },
});

type Item = z.infer<typeof verdictRequestSchema>['items'][number];
type Answer = z.infer<typeof verdictsSchema>['items'][number];

export function verdictsEndpoint(app: ClawhubApp, deps: Deps): void {
  app.openapi(route, async (c) => {
    const { items } = c.req.valid('json');
    const wanted = items.map(({ slug, ownerHandle, version }) => ({
      slug: slug.toLowerCase(),
      owner: ownerHandle?.toLowerCase().replace(/^@+/, '') || undefined,
      version,
    }));
    const verdicts = await verdictsOn(deps, c.get('actor'), wanted);
    const origin = originOf(c, deps);
    const answers = items.map((item, at) => toWire(item, verdicts[at], origin));
    return c.json({ schema: 'clawhub.skill.security-verdicts.v1' as const, items: answers }, 200, {
      'Cache-Control': 'no-store',
    });
  });
}

/** What was asked for comes back letter by letter: clients refuse an answer that names anything else. */
function toWire(item: Item, verdict: Verdict | undefined, origin: string): Answer {
  const { slug, version, ownerHandle } = item;
  const echo = {
    requestedSlug: slug,
    requestedVersion: version,
    ...(ownerHandle ? { requestedOwnerHandle: ownerHandle } : {}),
  };
  if (!verdict) {
    const error = { code: 'skill_not_found' as const, message: 'There is no such version on this hub.' };
    return { ok: false, decision: 'fail', reasons: ['skill_not_found'], ...echo, error };
  }
  const page = `${origin}/api/v1/skills/${verdict.name}`;
  const owner = `ownerHandle=${verdict.namespace}`;
  return {
    ok: verdict.passed,
    decision: verdict.passed ? 'pass' : 'fail',
    reasons: reasonsOf(verdict),
    ...echo,
    slug,
    version,
    displayName: verdict.name,
    publisherHandle: ownerHandle || verdict.namespace,
    publisherDisplayName: verdict.namespace,
    createdAt: verdict.publishedAt,
    checkedAt: verdict.checkedAt,
    skillUrl: `${page}?${owner}`,
    securityAuditUrl: `${page}/verify?version=${encodeURIComponent(version)}&${owner}`,
    overview: overviewOf(verdict),
    security: wireSecurity(verdict),
  };
}
