import { and, asc, eq, isNotNull, isNull, ne, or, type SQL, sql } from 'drizzle-orm';
import { namespaces } from '../../db/schema/accounts.ts';
import { skillFacets, skills } from '../../db/schema/catalog.ts';
import { auditEvents } from '../../db/schema/moderation.ts';
import { skillSearch } from '../../db/skill-search.ts';
import { staleTags } from '../catalog/keys.ts';
import { nextUpdate } from '../catalog/update-time.ts';
import type { Deps } from '../deps.ts';
import { ENTRY_SKILL } from '../log/append-entries.ts';
import { appendSkillEntries, skillEntry } from '../log/skill-entry.ts';
import { auditName, auditStatement } from '../moderation/audit.ts';
import { findNamespace } from '../moderation/find-subject.ts';
import { requireModerator } from '../moderation/require-moderator.ts';
import { tellNamespace } from '../moderation/tell-namespace.ts';
import { Problem } from '../problem.ts';
import type { Actor } from './actor.ts';
import { madeBy } from './ban.ts';

/** How many skills one call hides. */
export const HIDE_BATCH = 100;

type BanDeps = Pick<Deps, 'db' | 'bundles' | 'clock' | 'random' | 'cache' | 'log' | 'mailer'>;

export interface Ban {
  namespace: string;
  /** False when it was banned already. */
  changed: boolean;
  /** How many skills this call hid. */
  hidden: number;
  /** Whether skills are left that the same call made again would hide. */
  more: boolean;
}

/**
 * Ends all publishing and changing in a namespace and in those that it made, and by their keys anywhere; they can still read.
 * Their skills stay as they are unless `hide` asks to hide them too, at most `HIDE_BATCH` a call. For operators and moderators;
 * a moderator, or whoever made one, can be banned by an operator alone.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found`
 */
export async function banNamespace(
  deps: BanDeps,
  actor: Actor,
  { namespace, reason, hide }: { namespace: string; reason: string; hide: boolean },
): Promise<Ban> {
  requireModerator(actor, namespace);
  const { slug } = await findNamespace(deps, namespace);
  if (actor.kind !== 'operator') await requireNoModerator(deps, slug);
  const open = and(eq(namespaces.slug, slug), isNull(namespaces.bannedAt));
  const changed = await move(deps, actor, { slug, act: 'namespace.ban', reason, changes: open }, deps.clock.now());
  if (changed) await tellNamespace(deps, slug, banMail(slug, reason));
  const batch = hide ? await hideSome(deps, actor, slug, reason) : { hidden: 0, more: false };
  return { namespace: slug, changed, ...batch };
}

/**
 * Ends a ban; one of a namespace that made this one holds on. Skills that it hid stay hidden until they are shown one by one. Of a namespace that is not banned nothing
 * changes. For operators and moderators.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found`
 */
export async function unbanNamespace(
  deps: BanDeps,
  actor: Actor,
  { namespace, reason }: { namespace: string; reason: string },
): Promise<{ namespace: string; changed: boolean }> {
  requireModerator(actor, namespace);
  const { slug } = await findNamespace(deps, namespace);
  const banned = and(eq(namespaces.slug, slug), isNotNull(namespaces.bannedAt));
  const changed = await move(deps, actor, { slug, act: 'namespace.unban', reason, changes: banned }, null);
  const text = `The ban of the namespace ${slug} has ended:\n\n${reason}\n`;
  if (changed) await tellNamespace(deps, slug, { subject: `The ban of ${slug} has ended`, text });
  return { namespace: slug, changed };
}

/** The ban would reach whatever the namespace made. */
async function requireNoModerator({ db }: BanDeps, slug: string): Promise<void> {
  const [moderator] = await db
    .select({ slug: namespaces.slug })
    .from(namespaces)
    .where(and(sql`${namespaces.slug} in ${madeBy(slug)}`, eq(namespaces.moderator, true)))
    .limit(1);
  if (!moderator) return;
  const label = moderator.slug === slug ? `'${slug}'` : `'${moderator.slug}', which '${slug}' made,`;
  throw new Problem('forbidden', `${label} moderates this hub: only an operator can ban it.`, {
    fix: 'Ask the operator.',
  });
}

async function move(
  deps: BanDeps,
  actor: Actor,
  step: { slug: string; act: string; reason: string; changes: SQL | undefined },
  bannedAt: number | null,
): Promise<boolean> {
  const { db } = deps;
  const { slug, act, reason, changes } = step;
  const guard = sql`exists (select 1 from ${namespaces} where ${changes})`;
  const [, moved] = await db.batch([
    auditStatement(deps, actor, act, `namespace:${slug}`, { reason }, guard),
    db
      .update(namespaces)
      .set({ bannedAt, banReason: bannedAt === null ? null : reason })
      .where(changes)
      .returning({ slug: namespaces.slug }),
  ]);
  deps.log.info(act, { namespace: slug, changed: moved.length > 0 });
  return moved.length > 0;
}

/** One batch for all of them, whatever their number: a statement a skill would be too many. */
async function hideSome(deps: BanDeps, actor: Actor, namespace: string, reason: string) {
  const { db, random } = deps;
  const now = deps.clock.now();
  const shown = or(isNull(skills.hiddenAt), isNull(skills.hiddenBy), ne(skills.hiddenBy, 'moderator'));
  const found = await db
    .select({ id: skills.id, namespace: skills.namespace, name: skills.name, visibility: skills.visibility })
    .from(skills)
    .where(and(sql`${skills.namespace} in ${madeBy(namespace)}`, shown))
    .orderBy(asc(skills.id))
    .limit(HIDE_BATCH + 1);
  const some = found.slice(0, HIDE_BATCH);
  if (some.length === 0) return { hidden: 0, more: false };
  const rows = JSON.stringify(
    some.map((skill) => ({ id: skill.id, event: random.id(), subject: `@${skill.namespace}/${skill.name}` })),
  );
  const ids = sql`(select value ->> 'id' from json_each(${rows}))`;
  const keyId = actor.kind === 'key' ? actor.keyId : null;
  const entries = await Promise.all(some.map((skill) => skillEntry(deps, 'hide', skill, 'moderator')));
  await db.batch([
    appendSkillEntries(
      deps,
      entries,
      sql`exists (select 1 from ${skills} where ${skills.id} = ${ENTRY_SKILL} and ${shown})`,
    ),
    db.insert(auditEvents).select(
      sql`select value ->> 'event', ${now}, ${auditName(actor)}, ${keyId}, 'skill.hide', value ->> 'subject', ${JSON.stringify({ reason })}
          from json_each(${rows}) inner join ${skills} on ${skills.id} = value ->> 'id' where ${shown}`,
    ),
    db
      .update(skills)
      .set({ hiddenAt: now, hiddenBy: 'moderator', hiddenReason: reason, updatedAt: nextUpdate(now) })
      .where(and(sql`${skills.id} in ${ids}`, shown)),
    db.delete(skillSearch).where(sql`${skillSearch.rowid} in ${ids}`),
    db.delete(skillFacets).where(sql`${skillFacets.skillId} in ${ids}`),
  ]);
  for (const skill of some) deps.cache.forget(staleTags(skill.namespace, skill.name));
  return { hidden: some.length, more: found.length > HIDE_BATCH };
}

function banMail(slug: string, reason: string) {
  return {
    subject: `The namespace ${slug} is banned`,
    text: `The namespace ${slug} is banned on this hub:\n\n${reason}\n\nNothing can be published or changed in it, nor in namespaces that it made. Its keys can still read.\n`,
  };
}
