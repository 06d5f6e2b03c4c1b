import { documentOf } from '../../kit/document.ts';
import type { V1App } from '../app.ts';

/** The OpenAPI 3.1 document of `/v1`, as served and as checked in. */
export function v1Document(app: V1App) {
  return documentOf(app, {
    info: {
      title: 'Skills Hub /v1',
      version: '1',
      description: 'Publish, vet, sign, search, download and verify agent skills.',
    },
    server: '/v1',
    tags: ['Accounts', 'Publishing', 'Signing', 'Reading', 'Stars', 'Transfers', 'Transparency log', 'Moderation'],
    key: 'An API key: `Authorization: Bearer skh_…`',
  });
}
