import { eq, sql } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { checkNamespace } from '../../format/names.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { requireUnreservedNamespace } from '../vetting/reserved-names.ts';
import { type Actor, authorize } from './actor.ts';
import { indexNamespace, isDistinctNamespace, lookAlikeNamespace } from './distinct-namespace.ts';

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
  const reason = checkNamespace(slug);
  if (reason) throw new Problem('invalid_name', reason, { fix: 'Choose 3 to 32 of a-z, 0-9 and "-".' });
  requireUnreservedNamespace(deps, actor, slug);
  try {
    await deps.db.batch([insertOwned(deps, owner, { slug, displayName }), indexNamespace(deps.db, slug)]);
  } catch (error) {
    throw await whyNotMade(deps, owner, slug, error);
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

/** With too many publishers, or a name that deceives, there is no address for another one, and so no row. */
function insertOwned(
  { db, clock }: Pick<Deps, 'db' | 'clock'>,
  owner: string,
  publisher: { slug: string; displayName?: string },
) {
  const made = sql`(select count(*) from namespaces as made where made.owner = ${owner})`;
  const email = sql<string>`(select maker.email from namespaces as maker where maker.slug = ${owner} and ${made} < ${MAX_PUBLISHERS} and ${isDistinctNamespace(db, publisher.slug)})`;
  return db.insert(namespaces).values({ ...publisher, email, owner, createdAt: clock.now() });
}

async function whyNotMade({ db }: Pick<Deps, 'db'>, owner: string, slug: string, cause: unknown): Promise<unknown> {
  const [taken] = await db.select({ slug: namespaces.slug }).from(namespaces).where(eq(namespaces.slug, slug));
  if (taken) {
    return new Problem(
      'namespace_taken',
      `The namespace '${slug}' is taken.`,
      { fix: 'Choose another name.' },
      { cause },
    );
  }
  const alike = await lookAlikeNamespace({ db }, slug);
  if (alike) return alike;
  const made = await db.select({ slug: namespaces.slug }).from(namespaces).where(eq(namespaces.owner, owner));
  if (made.length < MAX_PUBLISHERS) return cause;
  return new Problem(
    'state_conflict',
    `'${owner}' has ${MAX_PUBLISHERS} publishers already.`,
    { fix: 'Use one of them, or make a namespace of its own: POST /v1/namespaces.' },
    { cause },
  );
}
