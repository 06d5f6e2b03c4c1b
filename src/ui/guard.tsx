import type { MiddlewareHandler } from 'hono';
import { Hono } from 'hono';
import type { Deps } from '../core/deps.ts';
import { describeFault } from '../core/fault.ts';
import { Problem } from '../core/problem.ts';
import { internalProblem } from '../http/kit/problem-json.ts';
import { limitBody } from '../http/kit/read-body.ts';
import type { HubEnv } from '../http/kit/types.ts';
import { Page } from './layout.tsx';
import { html } from './render.ts';

const FORM_LIMIT = 8 * 1024;

/** An app for pages at these very paths: small forms from the hub's own pages only, and errors as pages. */
export function pages(deps: Deps, paths: string[]): Hono<HubEnv> {
  const app = new Hono<HubEnv>();
  for (const path of paths) app.use(path, refuseOtherSites(deps), limitBody(deps, FORM_LIMIT));
  app.onError((error, c) => {
    if (!(error instanceof Problem)) deps.log.error('request.failed', { ...describeFault(error) });
    const problem = error instanceof Problem ? error : internalProblem();
    return html(c, <ErrorPage problem={problem} />, { status: problem.status });
  });
  return app;
}

function ErrorPage({ problem }: { problem: Problem }) {
  return (
    <Page title="This did not work" failed>
      <p>{problem.message}</p>
      {problem.details.fix && <p>{problem.details.fix}</p>}
    </Page>
  );
}

/**
 * Nothing here acts on a cookie, so a foreign page could not act for anybody; but it could lead somebody half through a
 * login that they did not begin. `Origin: null` passes: forms of a page with `Referrer-Policy: no-referrer` send it, and
 * over plain HTTP browsers send no `Sec-Fetch-Site` that would tell more.
 */
function refuseOtherSites({ settings }: Deps): MiddlewareHandler<HubEnv> {
  return async (c, next) => {
    if (c.req.method === 'POST') {
      const site = c.req.header('sec-fetch-site');
      const origin = c.req.header('origin') ?? 'null';
      const own = ['null', new URL(c.req.url).origin, settings.publicUrl];
      const foreign = site === undefined ? !own.includes(origin) : site !== 'same-origin' && site !== 'none';
      if (foreign) {
        throw new Problem('forbidden', 'This form came from another site.', {
          fix: 'Open the link that your program shows, and go on from there.',
        });
      }
    }
    await next();
  };
}
