import { createRoute } from '@hono/zod-openapi';
import * as z from 'zod';
import { json } from '../kit/openapi.ts';
import type { SpmApp } from './app.ts';
import { searchSchema, skillListSchema, skillSchema } from './schemas.ts';

const refused = { content: { 'text/plain': { schema: z.string() } } };
const texts = { 400: { description: 'The query is not acceptable; the text says why.', ...refused } };

const slice = {
  limit: z.coerce.number().int().min(1).default(25),
  offset: z.coerce.number().int().min(0).max(10_000).default(0),
};
const words = z.string().optional().meta({ description: 'Words with commas between; a skill has to have all.' });
const filters = { tags: words, capabilities: words, frameworks: words };

const routes = [
  createRoute({
    method: 'get',
    path: '/skills',
    tags: ['Reading'],
    summary: 'List skills',
    request: {
      query: z.object({ ...slice, ...filters, sort: z.enum(['recent', 'downloads', 'rating']).default('recent') }),
    },
    responses: { 200: json(skillListSchema, 'A page.'), ...texts },
  }),
  createRoute({
    method: 'get',
    path: '/search',
    tags: ['Reading'],
    summary: 'Search skills',
    request: {
      query: z.object({
        q: z.string().max(200).default(''),
        ...slice,
        ...filters,
        sort: z.enum(['relevant', 'recent', 'downloads', 'rating']).default('relevant'),
      }),
    },
    responses: { 200: json(searchSchema, 'Nothing without a query and without a filter.'), ...texts },
  }),
  createRoute({
    method: 'get',
    path: '/skills/{name}',
    tags: ['Reading'],
    summary: 'A skill with its versions',
    request: { params: z.object({ name: z.string() }), query: z.object({ owner: z.string().optional() }) },
    responses: { 200: json(skillSchema, 'The skill.'), 404: { description: 'Skill not found', ...refused } },
  }),
];

/** Describes what another dialect serves; the keys that it answers beside these are its own. Its errors are text. */
export function describeSharedPaths(app: SpmApp): void {
  for (const route of routes) app.openAPIRegistry.registerPath(route);
}
