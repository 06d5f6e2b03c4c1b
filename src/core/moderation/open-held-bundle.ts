import type { Actor } from '../accounts/actor.ts';
import { bundleKeys } from '../catalog/keys.ts';
import type { Deps, StoredBundle } from '../deps.ts';
import { Problem } from '../problem.ts';
import { getJob } from '../publishing/get-job.ts';
import { auditStatement } from './audit.ts';
import { requireModerator } from './require-moderator.ts';

export interface HeldBundle {
  namespace: string;
  name: string;
  version: string;
  stored: StoredBundle;
}

/**
 * The archive of a version that vetting held or refused, as it was uploaded, for a person to look at. For operators and
 * moderators; who had it is written down before it is given out.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found`
 */
export async function openHeldBundle(
  deps: Pick<Deps, 'db' | 'bundles' | 'clock' | 'random'>,
  actor: Actor,
  id: string,
): Promise<HeldBundle> {
  requireModerator(actor);
  const { namespace, name, version } = await getJob(deps, id);
  const stored = await deps.bundles.open(bundleKeys.quarantined(id));
  const label = `@${namespace}/${name}@${version}`;
  if (!stored) {
    throw new Problem('not_found', `The quarantine holds no files of ${label}.`, {
      fix: 'What is public is at /v1/download; what failed for another reason than its contents is not kept.',
    });
  }
  try {
    await auditStatement(deps, actor, 'version.inspect', label, { job: id });
  } catch (error) {
    await stored.body.cancel();
    throw error;
  }
  return { namespace, name, version, stored };
}
