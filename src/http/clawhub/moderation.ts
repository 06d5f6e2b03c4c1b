import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import type { Verdict } from '../../core/vetting/verdicts.ts';
import { getVettedByRef } from '../../core/vetting/vetted-version.ts';
import { setCaching } from '../kit/caching.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { ownerQuery, refOf, skillCaching, slugParams } from './params.ts';
import { refusals } from './refusals.ts';
import { overviewOf, reasonsOf, wireSeverity } from './wire.ts';

const moderationSchema = z
  .object({
    moderation: z.object({
      isSuspicious: z.literal(true),
      isMalwareBlocked: z.literal(false),
      verdict: z.enum(['suspicious', 'malicious']),
      reasonCodes: z.array(z.string()),
      updatedAt: z.number().int().meta({ description: 'Milliseconds since the epoch.' }),
      summary: z.string(),
      evidence: z.array(
        z.object({
          code: z.string().meta({ description: 'The rule.' }),
          severity: z.enum(['info', 'warn', 'critical']),
          file: z.string().meta({ description: 'Empty when it is about no file.' }),
          line: z.number().int().meta({ description: '0 when it is about no line.' }),
          message: z.string(),
          evidence: z.string(),
        }),
      ),
    }),
  })
  .meta({ id: 'Moderation' });

const route = createRoute({
  method: 'get',
  path: '/skills/{slug}/moderation',
  tags: ['Reading'],
  summary: 'What a scan has against the latest version; mostly nothing, which is 404',
  request: { params: slugParams, query: ownerQuery },
  responses: { 200: json(moderationSchema, 'What the newest scan found.'), ...refusals(400, 401, 404, 410) },
});

export function moderationEndpoint(app: ClawhubApp, deps: Deps): void {
  app.openapi(route, async (c) => {
    const ref = refOf(c.req.valid('param').slug, c.req.valid('query'));
    const { skill, verdict } = await getVettedByRef(deps, c.get('actor'), ref);
    if (verdict.passed) throw new Problem('not_found', 'Moderation not found');
    setCaching(c, skillCaching(c, skill));
    return c.json({ moderation: toWire(verdict) }, 200);
  });
}

function toWire(verdict: Verdict): z.infer<typeof moderationSchema>['moderation'] {
  return {
    isSuspicious: true,
    isMalwareBlocked: false,
    verdict: verdict.verdict === 'malicious' ? 'malicious' : 'suspicious',
    reasonCodes: reasonsOf(verdict),
    updatedAt: verdict.checkedAt,
    summary: overviewOf(verdict),
    evidence: verdict.findings.map(({ rule, severity, file = '', line = 0, message, excerpt = '', why }) => ({
      code: rule,
      severity: wireSeverity(severity),
      file,
      line,
      message: why === undefined ? message : `${message}: ${why}`,
      evidence: excerpt,
    })),
  };
}
