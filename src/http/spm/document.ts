import type { SpmApp } from './app.ts';
import { API_VERSION } from './health.ts';

/** The OpenAPI 3.1 document of this dialect, as served and as checked in. */
export function spmDocument(app: SpmApp) {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key of this hub (`skh_…`), or a token that was issued for one.',
  });
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Skills Hub as a Skills Package Manager registry',
      version: API_VERSION,
      description:
        'On the paths that ClawHub has too, its keys stand beside `success` and `data`, and errors are text.',
    },
    servers: [{ url: '/api/v1' }],
    tags: [{ name: 'Reading' }, { name: 'Publishing' }, { name: 'Tokens' }, { name: 'About' }],
  });
}

/** Serves the document; it is built at the first request for it. */
export function documentEndpoint(app: SpmApp): void {
  let built: ReturnType<typeof spmDocument> | undefined;
  app.get('/spm/openapi.json', (c) => {
    built ??= spmDocument(app);
    return c.json(built, 200, { 'Cache-Control': 'public, max-age=30' });
  });
}
