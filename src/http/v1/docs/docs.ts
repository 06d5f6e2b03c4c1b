import { secureHeaders } from 'hono/secure-headers';
import type { V1App } from '../app.ts';
import { v1Document } from './document.ts';
import { DocsPage } from './page.tsx';

/** The document as JSON and as a page. Both are built at the first request for them. */
export function docsEndpoints(app: V1App): void {
  let built: ReturnType<typeof v1Document> | undefined;
  const document = () => {
    built ??= v1Document(app);
    return built;
  };
  app.get('/openapi.json', (c) => c.json(document(), 200, { 'Cache-Control': 'public, max-age=30' }));
  app.get(
    '/docs',
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        styleSrc: ["'unsafe-inline'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    }),
    (c) =>
      c.html(`<!doctype html>${DocsPage({ document: document() })}`, 200, { 'Cache-Control': 'public, max-age=30' }),
  );
}
