import { sql } from 'drizzle-orm';
import { skillAliases, skills } from '../../db/schema/catalog.ts';
import { lookOf } from '../../vetting/name-skeleton.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';

const words = (text: string) => text.split(' ');

/** Parts of the hub's own addresses, and whom a reader would take for the hub itself. */
const OF_THE_HUB = new Set(
  words(
    'api v1 t cli log docs assets static healthz well-known latest login logout signup account settings admin administrator root operator moderator system hub skills-hub skill skills registry null undefined',
  ),
);

/** Makers of agents and their clients, forges and clouds: whose name it is, an operator has to judge. */
const BRANDS = words(
  'openclaw clawhub skill-hub skreg agentskills anthropic claude claude-code openai chatgpt codex google gemini microsoft copilot github gitlab cursor nvidia amazon aws azure apple meta mistral deepseek npm vercel cloudflare',
);
const BRAND_LOOKS = new Set(BRANDS.map(lookOf));

/** Whether only an operator hands the name out. Brands are also reserved in every spelling that looks like them. */
export function isReserved({ settings }: Pick<Deps, 'settings'>, name: string): boolean {
  if (OF_THE_HUB.has(name)) return true;
  const look = lookOf(name);
  return BRAND_LOOKS.has(look) || (settings.reservedNames ?? []).some((reserved) => lookOf(reserved) === look);
}

/** Passes for a namespace that everybody may claim, and for operators. @throws Problem `invalid_name` */
export function requireUnreservedNamespace(deps: Pick<Deps, 'settings'>, actor: Actor, slug: string): void {
  if (actor.kind === 'operator' || !isReserved(deps, slug)) return;
  throw new Problem('invalid_name', `The namespace '${slug}' is reserved.`, {
    fix: 'Choose another name, or ask the operator of this hub for it.',
  });
}

/**
 * Passes for a skill name that is not reserved, for operators, in the namespace of the same name, which an operator handed
 * out, and for a skill that was published under the name before.
 *
 * @throws Problem `invalid_name`
 */
export async function requireUnreservedName(
  deps: Pick<Deps, 'db' | 'settings'>,
  actor: Actor,
  { namespace, name }: { namespace: string; name: string },
): Promise<void> {
  if (actor.kind === 'operator' || namespace === name || !isReserved(deps, name)) return;
  const had = sql`select 1 from ${skillAliases} as former where former.namespace = ${namespace} and former.name = ${name}`;
  const [own] = await deps.db
    .select({ id: skills.id })
    .from(skills)
    .where(
      sql`${skills.namespace} = ${namespace} and ((${skills.name} = ${name} and ${skills.slug} is not null) or exists (${had}))`,
    )
    .limit(1);
  if (own) return;
  throw new Problem('invalid_name', `The skill name '${name}' is reserved.`, {
    fix: 'Choose another name, or ask the operator of this hub to publish its first version for you.',
  });
}
