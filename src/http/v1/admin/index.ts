import type { Deps } from '../../../core/deps.ts';
import type { V1App } from '../app.ts';
import { decideAppealEndpoints } from './appeals.ts';
import { auditEndpoint } from './audit.ts';
import { reviewEndpoints } from './jobs.ts';
import { namespaceEndpoints } from './namespaces.ts';
import { queueEndpoint } from './queue.ts';
import { registryKeyEndpoint } from './registry-keys.ts';
import { triageEndpoints } from './reports.ts';
import { rescanEndpoints } from './rescans.ts';
import { skillEndpoints } from './skills.ts';

/** What operators and moderators do, under `/v1/admin`. */
export function adminEndpoints(app: V1App, deps: Deps): void {
  queueEndpoint(app, deps);
  reviewEndpoints(app, deps);
  decideAppealEndpoints(app, deps);
  rescanEndpoints(app, deps);
  triageEndpoints(app, deps);
  skillEndpoints(app, deps);
  namespaceEndpoints(app, deps);
  auditEndpoint(app, deps);
  registryKeyEndpoint(app, deps);
}
