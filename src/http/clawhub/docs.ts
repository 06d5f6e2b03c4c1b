import { documentOf, serveDocument } from '../kit/document.ts';
import type { ClawhubApp } from './app.ts';

/** The OpenAPI 3.1 document of the ClawHub dialect, as served and as checked in. */
export function clawhubDocument(app: ClawhubApp) {
  return documentOf(app, {
    info: {
      title: 'Skills Hub as ClawHub',
      version: '1',
      description:
        "What ClawHub's clients ask for, so that `clawhub` and OpenClaw work with this hub. Errors are text.",
    },
    server: '/api/v1',
    tags: ['Accounts', 'Publishing', 'Stars', 'Transfers', 'Moderation', 'Reading', 'Plugins'],
    key: 'An API key of this hub: `Authorization: Bearer skh_…`',
  });
}

export function docsEndpoint(app: ClawhubApp): void {
  serveDocument(app, '/openapi.json', () => clawhubDocument(app));
}
