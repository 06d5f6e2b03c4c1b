import type { OpenAPIHono } from '@hono/zod-openapi';
import type { HubEnv } from './types.ts';

type App = OpenAPIHono<HubEnv>;
type Document = ReturnType<App['getOpenAPI31Document']>;

interface Described {
  info: { title: string; version: string; description: string };
  /** Below which the paths are. */
  server: string;
  /** In the order in which they are shown. */
  tags: string[];
  /** What a bearer may send. */
  key: string;
}

/** The OpenAPI 3.1 document of a dialect whose keys come as bearer tokens. */
export function documentOf(app: App, { info, server, tags, key }: Described): Document {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer', description: key });
  const named = tags.map((name) => ({ name }));
  return app.getOpenAPI31Document({ openapi: '3.1.0', info, servers: [{ url: server }], tags: named });
}

/** How long anybody may keep a document without asking again. */
export const DOCUMENT_CACHING = { 'Cache-Control': 'public, max-age=30' };

/** Serves a document, which is built at the first request for it. */
export function serveDocument(app: App, path: string, build: () => Document): void {
  let built: Document | undefined;
  app.get(path, (c) => {
    built ??= build();
    return c.json(built, 200, DOCUMENT_CACHING);
  });
}
