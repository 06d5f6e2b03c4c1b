import { DEFAULT_SKILL_HUB } from '../../core/deps.ts';
import type { HubApp } from './app.ts';

/** The OpenAPI 3.1 document of the Skill Hub dialect under its default prefixes. */
export function hubDocument(app: HubApp) {
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  app.openAPIRegistry.registerComponent('securitySchemes', 'apiKey', {
    type: 'apiKey',
    in: 'header',
    name: 'X-API-Key',
  });
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Skill Hub',
      version: '1',
      description:
        'Search, download and describe skills. Under the first server everything needs a key; under the second what is public does not.',
    },
    servers: [{ url: DEFAULT_SKILL_HUB.apiPrefix }, { url: DEFAULT_SKILL_HUB.legacyApiPrefix }],
    security: [{ bearer: [] }, { apiKey: [] }, {}],
  });
}
