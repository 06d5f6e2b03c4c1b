import type { V1App } from '../app.ts';

/** The OpenAPI 3.1 document of `/v1`, as served and as checked in. */
export function v1Document(app: V1App) {
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key: `Authorization: Bearer skh_…`',
  });
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Skills Hub /v1',
      version: '1',
      description: 'Publish, vet, sign, search, download and verify agent skills.',
    },
    servers: [{ url: '/v1' }],
    tags: [
      { name: 'Accounts' },
      { name: 'Publishing' },
      { name: 'Signing' },
      { name: 'Reading' },
      { name: 'Transparency log' },
      { name: 'Moderation' },
    ],
  });
}
