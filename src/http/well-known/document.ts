import type { WellKnownApp } from './app.ts';

/** The OpenAPI 3.1 document of discovery, as checked in. */
export function wellKnownDocument(app: WellKnownApp) {
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Skills Hub: discovery',
      version: '1',
      description:
        'Agent Skills discovery by well-known URI (drafts 0.2 and 0.1), and the search that `skills find` speaks.',
    },
    tags: [{ name: 'Discovery' }, { name: 'Links' }, { name: 'Search' }],
  });
}
