import { documentOf, serveDocument } from '../kit/document.ts';
import type { SpmApp } from './app.ts';
import { API_VERSION } from './health.ts';

/** The OpenAPI 3.1 document of this dialect, as served and as checked in. */
export function spmDocument(app: SpmApp) {
  return documentOf(app, {
    info: {
      title: 'Skills Hub as a Skills Package Manager registry',
      version: API_VERSION,
      description:
        'On the paths that ClawHub has too, its keys stand beside `success` and `data`, and errors are text.',
    },
    server: '/api/v1',
    tags: ['Reading', 'Publishing', 'Tokens', 'About'],
    key: 'An API key of this hub (`skh_…`), or a token that was issued for one.',
  });
}

export function documentEndpoint(app: SpmApp): void {
  serveDocument(app, '/spm/openapi.json', () => spmDocument(app));
}
