import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import type { Deps } from '../../core/deps.ts';
import { getReport } from '../../core/moderation/get-report.ts';
import { getScan } from '../../core/moderation/get-scan.ts';
import { requestScan } from '../../core/moderation/request-scan.ts';
import { Problem } from '../../core/problem.ts';
import { requireKey } from '../kit/auth.ts';
import { binary, json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { ownerQuery, refOf } from './params.ts';
import { refusals } from './refusals.ts';
import { reportZip, wireArtifact, wireReport } from './scan-report.ts';
import { requestedScanSchema, scanRequestSchema, scanSchema } from './scan-schemas.ts';

const common = { tags: ['Moderation'], security: [{ key: [] }], middleware: requireKey };
const scanParams = z.object({ id: z.string().max(128) });
const ZIP = { 200: binary('`report.json` and `report.md`.', 'application/zip') };

const requestRoute = createRoute({
  ...common,
  method: 'post',
  path: '/skills/-/scan',
  summary: 'Have a published version vetted again',
  request: { body: { required: true, ...json(scanRequestSchema, 'Which version.') } },
  responses: { 200: json(requestedScanSchema, 'Queued, now or before.'), ...refusals(400, 401, 403, 404, 410, 413) },
});

const reportRoute = createRoute({
  ...common,
  method: 'get',
  path: '/skills/-/scan/download/{name}',
  summary: 'What was found in a version, by its newest scan or when it was sent in',
  request: {
    params: z.object({ name: z.string().max(200).toLowerCase() }),
    query: ownerQuery.extend({
      version: z.string().min(1).max(128),
      kind: z.enum(['skill', 'plugin']).default('skill'),
    }),
  },
  responses: { ...ZIP, ...refusals(400, 401, 404, 409) },
});

const scanRoute = createRoute({
  ...common,
  method: 'get',
  path: '/skills/-/scan/{id}',
  summary: 'How a scan is getting on',
  request: { params: scanParams },
  responses: { 200: json(scanSchema, 'With its report when it succeeded.'), ...refusals(400, 401, 404) },
});

const downloadRoute = createRoute({
  ...common,
  method: 'get',
  path: '/skills/-/scan/{id}/download',
  summary: 'The report of a scan',
  request: { params: scanParams },
  responses: { ...ZIP, ...refusals(400, 401, 404, 409) },
});

export function scanEndpoints(app: ClawhubApp, deps: Deps): void {
  app.openapi(requestRoute, async (c) => {
    const { slug, ownerHandle, version } = c.req.valid('json').source;
    const ref = { slug, owner: ownerHandle, version: version ?? undefined };
    const { id, state, alreadyQueued } = await requestScan(deps, c.get('actor'), ref);
    return c.json({ ...scanHead(id, state), alreadyQueued }, 200, NO_STORE);
  });
  app.openapi(reportRoute, async (c) => {
    const { version, kind, ...owner } = c.req.valid('query');
    if (kind === 'plugin') throw new Problem('not_found', 'Package not found');
    const ref = { ...refOf(c.req.valid('param').name, owner), version };
    return zipAnswer(reportZip(await getReport(deps, c.get('actor'), ref)));
  });
  app.openapi(scanRoute, async (c) =>
    c.json(toWire(await getScan(deps, c.get('actor'), c.req.valid('param').id)), 200, NO_STORE),
  );
  app.openapi(downloadRoute, async (c) => {
    const { scan, ...subject } = await getScan(deps, c.get('actor'), c.req.valid('param').id);
    if (scan.state !== 'succeeded') {
      throw new Problem('state_conflict', `The scan has no report: it is ${scan.state}.`, {
        fix: 'Ask for its status.',
      });
    }
    const { id, stages, updatedAt } = scan;
    return zipAnswer(reportZip({ ...subject, id, source: 'scan', stages, checkedAt: updatedAt }));
  });
}

const NO_STORE = { 'Cache-Control': 'no-store' };

function zipAnswer(zip: Uint8Array<ArrayBuffer>): Response {
  return new Response(zip, { headers: { ...NO_STORE, 'Content-Type': 'application/zip' } });
}

type Found = Awaited<ReturnType<typeof getScan>>;

function scanHead(scanId: string, status: Found['scan']['state']) {
  return { ok: true as const, scanId, status, sourceKind: 'published' as const, update: true as const };
}

function toWire({ scan, ...subject }: Found): z.infer<typeof scanSchema> {
  const { id, state, stages, error, createdAt, updatedAt } = scan;
  const over = state === 'succeeded' || state === 'failed';
  return {
    ...scanHead(id, state),
    writtenBack: state === 'succeeded',
    artifact: wireArtifact(subject),
    ...(state === 'succeeded' ? { report: wireReport(stages) } : {}),
    ...(error === null ? {} : { lastError: error }),
    createdAt,
    updatedAt,
    ...(over ? { completedAt: updatedAt } : {}),
  };
}
