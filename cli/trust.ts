import type { RegistryKeysBody } from '../src/http/v1/schemas.ts';
import { CodedError } from './failure.ts';

export interface TrustedKeys {
  /** Public keys (PEM) by id: those that were known and those that the registry shows now. */
  keys: Record<string, string>;
  /** Ids that were not known before. */
  added: string[];
}

/**
 * Trust on first use: a key that was met before must still be the same; a new one is taken and told about.
 *
 * @param known the keys kept from earlier contacts
 * @throws CodedError `key_changed`
 */
export function mergeKeys(registry: string, known: Record<string, string>, shown: RegistryKeysBody): TrustedKeys {
  const keys = new Map(Object.entries(known));
  const added: string[] = [];
  for (const { kid, pem } of shown.keys) {
    const pinned = keys.get(kid);
    if (pinned === undefined) added.push(kid);
    else if (withoutSpace(pinned) !== withoutSpace(pem)) throw keyChanged(registry, kid);
    keys.set(kid, pinned ?? pem);
  }
  return { keys: Object.fromEntries(keys), added };
}

/**
 * The public key that a version claims to be signed with.
 *
 * @throws CodedError `unknown_key`
 */
export function keyOf(trusted: TrustedKeys, label: string, kid: string): string {
  const pem = Object.hasOwn(trusted.keys, kid) ? trusted.keys[kid] : undefined;
  if (pem !== undefined) return pem;
  const message = `${label} is signed with the key '${kid}', which the registry does not show.`;
  throw new CodedError('unknown_key', message, 'Do not use this version. Tell the operator of the registry.');
}

function withoutSpace(pem: string): string {
  return pem.replace(/\s/g, '');
}

function keyChanged(registry: string, kid: string): CodedError {
  const message = `The registry's key changed: ${registry} shows another key under the id '${kid}' than before.`;
  const fix =
    'Ask the operator whether this is meant. If so, remove the key from "keys" in ~/.skills/config.json and try again.';
  return new CodedError('key_changed', message, fix);
}
