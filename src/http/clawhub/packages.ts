import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { Problem } from '../../core/problem.ts';
import { json } from '../kit/openapi.ts';
import type { ClawhubApp } from './app.ts';
import { refusals } from './refusals.ts';
import { noPackageHitsSchema, noPackagesSchema } from './schemas.ts';

const listRoutes = (['/packages', '/code-plugins', '/bundle-plugins'] as const).map((path) =>
  createRoute({
    method: 'get',
    path,
    tags: ['Plugins'],
    summary: 'Plugins: none on this hub',
    responses: { 200: json(noPackagesSchema, 'An empty list.'), ...refusals(401) },
  }),
);

const searchRoute = createRoute({
  method: 'get',
  path: '/packages/search',
  tags: ['Plugins'],
  summary: 'Search plugins: none on this hub',
  responses: { 200: json(noPackageHitsSchema, 'An empty list.'), ...refusals(401) },
});

const packageRoute = createRoute({
  method: 'get',
  path: '/packages/{name}',
  tags: ['Plugins'],
  summary: 'A plugin: there is none',
  request: { params: z.object({ name: z.string() }) },
  responses: refusals(401, 404),
});

/** The plugin half of ClawHub, without a plugin. */
export function packageEndpoints(app: ClawhubApp): void {
  for (const route of listRoutes) app.openapi(route, (c) => c.json({ items: [], nextCursor: null }, 200));
  app.openapi(searchRoute, (c) => c.json({ results: [] }, 200));
  app.openapi(packageRoute, () => {
    throw noPackage();
  });
  app.all('/packages/:name/*', () => {
    throw noPackage();
  });
}

function noPackage(): Problem {
  return new Problem('not_found', 'Package not found');
}
