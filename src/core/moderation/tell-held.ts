import { isNotNull, or, sql } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { skills, versions } from '../../db/schema/catalog.ts';
import { jobs } from '../../db/schema/jobs.ts';
import type { Deps } from '../deps.ts';
import { tellNamespace } from './tell-namespace.ts';

export interface HeldVersion {
  namespace: string;
  name: string;
  version: string;
}

/**
 * Mails the owner of a version that it waits for a moderator. It quotes nothing that was found: a mailbox is no place for
 * that. An address that nobody has proven may be a stranger's, whom an uploader could flood: it is mailed about the oldest
 * held version alone. Never throws, as `tellNamespace`.
 */
export async function tellHeld(
  deps: Pick<Deps, 'db' | 'mailer' | 'log'>,
  jobId: string,
  { namespace, name, version }: HeldVersion,
): Promise<void> {
  const label = `@${namespace}/${name}@${version}`;
  const older = sql`select 1 from ${jobs} inner join ${versions} on ${versions.id} = ${jobs.versionId}
    inner join ${skills} on ${skills.id} = ${versions.skillId}
    where ${skills.namespace} = ${namespace} and ${jobs.state} = 'quarantined' and ${jobs.id} < ${jobId}`;
  const text = [
    `The hub has examined ${label} and found what may do harm. It is held until a moderator has looked at it: nobody can see or download it, and its number stays taken. The decision is mailed to you.`,
    `What was found is in the job, for you and for moderators: GET /v1/jobs/${jobId} with your key.`,
    `If you think that this is wrong, appeal:\nskills appeal ${jobId}\nor POST /v1/jobs/${jobId}/appeal`,
    'A mended skill can be published under another version meanwhile.\n',
  ].join('\n\n');
  const isWelcome = or(isNotNull(namespaces.emailProvenAt), sql`not exists (${older})`);
  await tellNamespace(deps, namespace, { subject: `${label} is held for review`, text }, isWelcome);
}
