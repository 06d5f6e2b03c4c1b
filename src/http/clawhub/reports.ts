import { createRoute } from '@hono/zod-openapi';
import type * as z from 'zod';
import type { Deps } from '../../core/deps.ts';
import { listReports } from '../../core/moderation/list-reports.ts';
import { reportSkill } from '../../core/moderation/report-skill.ts';
import { triageReport } from '../../core/moderation/triage-report.ts';
import { requireKey } from '../kit/auth.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { ownerQuery, refOf, slugParams } from './params.ts';
import { refusals } from './refusals.ts';
import {
  complaintSchema,
  reportedSchema,
  reportListSchema,
  reportParams,
  reportsQuery,
  triagedSchema,
  triageSchema,
} from './report-schemas.ts';

const common = { tags: ['Moderation'], security: [{ key: [] }], middleware: requireKey };

const reportRoute = createRoute({
  ...common,
  method: 'post',
  path: '/skills/{slug}/report',
  summary: 'Report a skill to the moderators',
  request: { params: slugParams, query: ownerQuery, body: { required: true, ...json(complaintSchema, 'Why.') } },
  responses: {
    200: json(reportedSchema, 'Reported, now or before.'),
    ...refusals(400, 401, 403, 404, 409, 410, 413, 429),
  },
});

const listRoute = createRoute({
  ...common,
  method: 'get',
  path: '/skills/-/reports',
  summary: 'Reports, for moderators',
  request: { query: reportsQuery },
  responses: { 200: json(reportListSchema, 'A page; `nextCursor` opens the next one.'), ...refusals(400, 401, 403) },
});

const triageRoute = createRoute({
  ...common,
  method: 'post',
  path: '/skills/-/reports/{id}/triage',
  summary: 'End a report, for moderators',
  request: { params: reportParams, body: { required: true, ...json(triageSchema, 'What there is to it.') } },
  responses: { 200: json(triagedSchema, 'Done, now or before.'), ...refusals(400, 401, 403, 404, 409, 413) },
});

export function reportEndpoints(app: ClawhubApp, deps: Deps): void {
  app.openapi(reportRoute, async (c) => {
    const { reason, version } = c.req.valid('json');
    const ref = refOf(c.req.valid('param').slug, c.req.valid('query'));
    const report = await reportSkill(deps, c.get('actor'), ref, { reason, version: version ?? undefined });
    const answer = {
      ok: true as const,
      reported: report.added,
      alreadyReported: !report.added,
      reportId: report.id,
      skillId: `${report.namespace}/${report.name}`,
      reportCount: report.count,
    };
    return c.json(answer, 200, NO_STORE);
  });
  app.openapi(listRoute, async (c) => {
    const { status, state = status, limit, cursor } = c.req.valid('query');
    const wanted = { state: state === 'all' ? undefined : state, limit, after: cursor };
    const { reports, next } = await listReports(deps, c.get('actor'), wanted);
    return c.json({ items: reports.map(toWire), nextCursor: next, done: next === null }, 200, NO_STORE);
  });
  app.openapi(triageRoute, async (c) => {
    const { id } = c.req.valid('param');
    const { status, note } = c.req.valid('json');
    const triage = { id, verdict: status, ...(note ? { note } : {}) };
    const { namespace, name, count } = await triageReport(deps, c.get('actor'), triage);
    const answer = { ok: true as const, reportId: id, skillId: `${namespace}/${name}`, status, reportCount: count };
    return c.json({ ...answer, actionTaken: 'none' as const }, 200, NO_STORE);
  });
}

const NO_STORE = { 'Cache-Control': 'no-store' };

type Row = Awaited<ReturnType<typeof listReports>>['reports'][number];

function toWire(row: Row): z.infer<typeof reportListSchema>['items'][number] {
  const { namespace, name, slug, cardName, reporter } = row;
  return {
    reportId: row.id,
    skillId: `${namespace}/${name}`,
    slug: slug ?? name,
    displayName: cardName ?? slug ?? name,
    version: row.version,
    reason: row.reason,
    status: row.state,
    createdAt: row.createdAt,
    reporter: { userId: reporter, handle: reporter, displayName: row.reporterName ?? reporter },
    triagedAt: row.triagedAt,
  };
}
