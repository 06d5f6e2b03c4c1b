import type { ClawhubApp } from './app.ts';

/** The OpenAPI 3.1 document of the ClawHub dialect, as served and as checked in. */
export function clawhubDocument(app: ClawhubApp) {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key of this hub: `Authorization: Bearer skh_…`',
  });
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Skills Hub as ClawHub',
      version: '1',
      description:
        "What ClawHub's clients ask for, so that `clawhub` and OpenClaw work with this hub. Errors are text.",
    },
    servers: [{ url: '/api/v1' }],
    tags: [
      { name: 'Accounts' },
      { name: 'Publishing' },
      { name: 'Stars' },
      { name: 'Transfers' },
      { name: 'Moderation' },
      { name: 'Reading' },
      { name: 'Plugins' },
    ],
  });
}

/** Serves the document; it is built at the first request for it. */
export function docsEndpoint(app: ClawhubApp): void {
  let built: ReturnType<typeof clawhubDocument> | undefined;
  app.get('/openapi.json', (c) => {
    built ??= clawhubDocument(app);
    return c.json(built, 200, { 'Cache-Control': 'public, max-age=30' });
  });
}
