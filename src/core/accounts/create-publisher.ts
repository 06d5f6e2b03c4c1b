import { eq, sql } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { type Actor, authorize } from './actor.ts';
import { claimNamespace } from './claim-namespace.ts';

/** How many namespaces one may make for itself. */
export const MAX_PUBLISHERS = 20;

/**
 * Makes a further namespace that belongs to the key's own one, with the same address: the owner's keys count there as they
 * do at home, its own keys count nowhere else. Needs `admin`. No key is issued.
 *
 * @throws Problem `unauthorized`, `forbidden` also for an operator, who has no namespace that could own it, `invalid_name`,
 * `namespace_taken` also for one that looks like another, `state_conflict` for one more than `MAX_PUBLISHERS`
 */
export async function createPublisher(
  deps: Pick<Deps, 'db' | 'clock' | 'log' | 'settings'>,
  actor: Actor,
  publisher: { slug: string; displayName?: string },
): Promise<void> {
  const owner = ownerOf(actor);
  const { slug, displayName } = publisher;
  const made = sql`(select count(*) from namespaces as made where made.owner = ${owner})`;
  // With too many publishers there is no address for another one, and so no row.
  const email = sql`(select maker.email from namespaces as maker where maker.slug = ${owner} and ${made} < ${MAX_PUBLISHERS})`;
  const isNew = await claimNamespace(deps, actor, { slug, displayName, owner, email }).catch(async (error: unknown) => {
    throw error instanceof Problem ? error : ((await tooMany(deps, owner, error)) ?? error);
  });
  if (!isNew) {
    throw new Problem('namespace_taken', `The namespace '${slug}' is taken.`, { fix: 'Choose another name.' });
  }
  deps.log.info('publisher.created', { namespace: slug, owner });
}

function ownerOf(actor: Actor): string {
  if (actor.kind === 'operator') {
    throw new Problem('forbidden', 'A publisher belongs to a namespace, and the operator has none.', {
      fix: 'Use a key of a namespace, or make a namespace: POST /v1/namespaces.',
    });
  }
  const owner = actor.kind === 'key' ? actor.namespace : '';
  authorize(actor, 'admin', owner);
  return owner;
}

async function tooMany({ db }: Pick<Deps, 'db'>, owner: string, cause: unknown): Promise<Problem | undefined> {
  const made = await db.select({ slug: namespaces.slug }).from(namespaces).where(eq(namespaces.owner, owner));
  if (made.length < MAX_PUBLISHERS) return undefined;
  return new Problem(
    'state_conflict',
    `'${owner}' has ${MAX_PUBLISHERS} publishers already.`,
    { fix: 'Use one of them, or make a namespace of its own: POST /v1/namespaces.' },
    { cause },
  );
}
