import type { Deps } from '../../core/deps.ts';
import { requireKey } from '../kit/auth.ts';
import { type HubApp, hubBase } from './app.ts';
import { detailEndpoint } from './detail.ts';
import { downloadEndpoint } from './download.ts';
import { editEndpoint } from './edit.ts';
import { envelopeError, noSuchEndpoint } from './envelope.ts';
import { searchEndpoint } from './search.ts';
import { versionsEndpoints } from './versions.ts';

/** `keyed`: everything needs a key. `open`: everybody reads what is public, and a key that comes along counts. */
export type Access = 'keyed' | 'open';

/** The Skill Hub dialect, to be mounted once for each kind of access. */
export function hub(deps: Deps, access: Access): HubApp {
  const app = hubBase(deps);
  if (access === 'keyed') app.get('*', requireKey);
  searchEndpoint(app, deps);
  versionsEndpoints(app, deps);
  downloadEndpoint(app, deps);
  detailEndpoint(app, deps);
  editEndpoint(app, deps, access === 'keyed');
  app.all('*', (c) => envelopeError(noSuchEndpoint(c.req.method, c.req.path)));
  return app;
}
