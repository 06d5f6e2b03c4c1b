import { verify } from 'node:crypto';
import { successionStatement } from '../src/format/registry-succession.ts';
import type { RegistryKeysBody } from '../src/http/v1/schemas.ts';
import { CodedError } from './failure.ts';

/** Public keys (PEM) of a registry, by id. */
export interface TrustedKeys {
  registry: string;
  /** Kept from earlier contacts. */
  pinned: ReadonlyMap<string, string>;
  /** What the registry shows now. */
  shown: ReadonlyMap<string, string>;
  /** Ids that the user named as good. */
  named: readonly string[];
  /** Successors of kept keys by id, each with the key that signed that it is. */
  followed: ReadonlyMap<string, string>;
  /** Why the registry revoked those of its keys whose signatures count for nothing, by id. */
  revoked: ReadonlyMap<string, string>;
}

/**
 * Holds the keys that a registry shows against those that were kept: one that was met before must still be the same.
 *
 * @param known the keys kept from earlier contacts
 * @param named ids that the user trusts, whether met before or not
 * @throws CodedError `key_changed`
 */
export function compareKeys(
  registry: string,
  known: Record<string, string>,
  keys: RegistryKeysBody['keys'],
  named: readonly string[],
): TrustedKeys {
  const pinned = new Map(Object.entries(known));
  const shown = new Map<string, string>();
  for (const { kid, pem } of keys) {
    const before = pinned.get(kid) ?? shown.get(kid);
    if (before !== undefined && withoutSpace(before) !== withoutSpace(pem)) throw otherKey(registry, kid);
    shown.set(kid, pem);
  }
  const revoked = new Map(keys.flatMap(({ kid, revoked }) => (revoked ? [[kid, revoked.reason] as const] : [])));
  return { registry, pinned, shown, named, followed: follow(pinned, keys), revoked };
}

/** From a kept key to the one that it calls its successor under its signature, and on from that. */
function follow(pinned: ReadonlyMap<string, string>, keys: RegistryKeysBody['keys']): Map<string, string> {
  const followed = new Map<string, string>();
  const byId = new Map(keys.map((key) => [key.kid, key]));
  const open = keys.filter(({ kid }) => pinned.has(kid));
  for (const { kid, pem, successor, revoked } of open) {
    const next = successor && byId.get(successor.kid);
    if (revoked || !next || pinned.has(next.kid) || followed.has(next.kid)) continue;
    const statement = successionStatement(kid, { id: next.kid, pem: next.pem });
    if (!isSigned(statement, pem, successor.signature)) continue;
    followed.set(next.kid, kid);
    open.push(next);
  }
  return followed;
}

/** A key that cannot be read signed nothing. */
function isSigned(statement: Uint8Array, pem: string, signature: string): boolean {
  try {
    return verify('sha256', statement, pem, Buffer.from(signature, 'base64'));
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/**
 * The public key that a version claims to be signed with. At the first contact with a registry any key that it shows
 * will do; later on only those that were kept, that these call their successors, or that the user named.
 *
 * @throws CodedError `unknown_key`, `key_changed`, `revoked_key`
 */
export function keyOf(trusted: TrustedKeys, label: string, kid: string): string {
  const { registry, pinned, shown, named, followed, revoked } = trusted;
  const reason = revoked.get(kid);
  if (reason !== undefined) {
    const message = `${label} is signed with the key ${kid}, which ${registry} has revoked: ${reason}`;
    throw new CodedError(
      'revoked_key',
      message,
      'Its registry signs its versions anew: try again later. If it stays so, ask the operator.',
    );
  }
  const pem = pinned.get(kid) ?? shown.get(kid);
  if (pem === undefined) {
    const message = `${label} is signed with the key '${kid}', which the registry does not show.`;
    throw new CodedError('unknown_key', message, 'Do not use this version. Tell the operator of the registry.');
  }
  if (pinned.has(kid) || pinned.size === 0 || named.includes(kid) || followed.has(kid)) return pem;
  // The id may be anybody's text, and people paste what stands in a fix.
  const argument = /^[\w.:+/=-]+$/.test(kid) ? kid : '<its id>';
  throw new CodedError(
    'key_changed',
    `${registry} signs ${label} with the key ${kid}, which was not its key before.`,
    `Ask the operator whether this is meant. If so, add: --trust-key ${argument}`,
  );
}

/**
 * The keys to keep from now on, by id: those that good signatures were made with, and those that the user named.
 *
 * @param used ids of keys that `keyOf` gave out
 */
export function keysToPin({ pinned, shown, named }: TrustedKeys, used: readonly string[]): Map<string, string> {
  const added = new Map<string, string>();
  for (const kid of [...used, ...named]) {
    const pem = shown.get(kid);
    if (pem !== undefined && !pinned.has(kid)) added.set(kid, pem);
  }
  return added;
}

/** @throws CodedError `unknown_key` for an id that the user named and none of the registries shows */
export function requireShown(registries: readonly TrustedKeys[], named: readonly string[]): void {
  const ghost = named.find((kid) => !registries.some(({ shown, pinned }) => shown.has(kid) || pinned.has(kid)));
  if (ghost === undefined) return;
  throw new CodedError(
    'unknown_key',
    `No registry that was asked shows a key '${ghost}'.`,
    'Check the id after --trust-key with the operator.',
  );
}

function withoutSpace(pem: string): string {
  return pem.replace(/\s/g, '');
}

function otherKey(registry: string, kid: string): CodedError {
  const message = `The registry's key changed: ${registry} shows another key under the id '${kid}' than before.`;
  const fix =
    'Ask the operator whether this is meant. If so, remove the key from "keys" in ~/.skills/config.json and try again.';
  return new CodedError('key_changed', message, fix);
}
