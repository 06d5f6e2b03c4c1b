import { errors, jwtVerify, SignJWT } from 'jose';
import { skills } from '../../db/schema/catalog.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import type { Deps } from '../deps.ts';
import { findSkill, isSkill, noSuchSkill, wasSkill } from './find-skill.ts';

/** Seconds that a link lives. */
export const LINK_SECONDS = { default: 3_600, max: 86_400 };

const ALGORITHM = 'HS256';
const AUDIENCE = 'skills-hub:read-link';

type Subject = { namespace: string; name: string };

/**
 * A token that lets whoever holds it read this one skill until it expires. Needs `read` in the skill's namespace.
 * Nothing is stored, so a token cannot be taken back: it ends with its time, with the skill, or with the session key.
 *
 * @param seconds how long it lives, 1 to `LINK_SECONDS.max`; never longer than the key or token that asks
 * @returns also the skill as it is called now
 * @throws Problem `invalid_request`, `not_found`, `unauthorized`, `forbidden`
 */
export async function createReadLink(
  deps: Pick<Deps, 'db' | 'clock' | 'settings'>,
  actor: Actor,
  subject: Subject,
  seconds: number = LINK_SECONDS.default,
): Promise<Subject & { token: string; expiresAt: number }> {
  const skill = await findSkill(deps, actor, subject.namespace, subject.name);
  authorize(actor, 'read', skill.namespace);
  const asked = Math.floor(deps.clock.now() / 1000) + seconds;
  const expiresAt = Math.min(asked, Math.floor((actorEnd(actor) ?? Number.POSITIVE_INFINITY) / 1000));
  const token = await new SignJWT()
    .setProtectedHeader({ alg: ALGORITHM })
    .setAudience(AUDIENCE)
    .setSubject(String(skill.id))
    .setExpirationTime(expiresAt)
    .sign(await linkKey(deps.settings.sessionKey));
  return { namespace: skill.namespace, name: skill.name, token, expiresAt: expiresAt * 1000 };
}

/**
 * The actor that a link stands for, once the token proved good for exactly this skill. It may read what the namespace
 * keeps private, so it must be asked for this skill only.
 *
 * @throws Problem `not_found`, as for a missing skill, for a token that is false, expired or another skill's;
 *   `invalid_request` for names that no skill can have
 */
export async function followReadLink(
  deps: Pick<Deps, 'db' | 'clock' | 'settings'>,
  token: string,
  subject: Subject,
): Promise<Actor> {
  const { namespace, name } = subject;
  const which = isSkill(namespace, name);
  const skillId = await subjectOf(deps, token);
  if (skillId === undefined) throw noSuchSkill(namespace, name);
  const named =
    (await deps.db.select().from(skills).where(which))[0] ??
    (await deps.db.select().from(skills).where(wasSkill(namespace, name)))[0];
  // Where a merged skill leads to, nobody has shared.
  if (!named || String(named.id) !== skillId || named.mergedInto !== null) throw noSuchSkill(namespace, name);
  return { kind: 'key', keyId: 'read-link', namespace: named.namespace, owned: [], scopes: ['read'] };
}

const actorEnd = (actor: Actor) => (actor.kind === 'key' ? actor.expiresAt : undefined);

async function subjectOf(deps: Pick<Deps, 'clock' | 'settings'>, token: string): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, await linkKey(deps.settings.sessionKey), {
      algorithms: [ALGORITHM],
      audience: AUDIENCE,
      requiredClaims: ['exp', 'sub'],
      currentDate: new Date(deps.clock.now()),
    });
    return payload.sub;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

/** A key of its own by HKDF (RFC 5869), so that no token of this kind is one of another. */
async function linkKey(sessionKey: string): Promise<Uint8Array> {
  const encoder = new TextEncoder();
  const secret = await crypto.subtle.importKey('raw', encoder.encode(sessionKey), 'HKDF', false, ['deriveBits']);
  const purpose = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(AUDIENCE) };
  return new Uint8Array(await crypto.subtle.deriveBits(purpose, secret, 256));
}
