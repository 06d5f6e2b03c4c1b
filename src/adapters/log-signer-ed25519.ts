import { exportJWK } from 'jose';
import type { LogSigner } from '../core/deps.ts';
import { sha256Hex } from '../format/digest.ts';
import { decodePem } from '../format/pem.ts';
import { type VerifierKey, verifierKey } from '../format/tlog/verifier-key.ts';

const ED25519 = { name: 'Ed25519' };

interface LoadedKey {
  privateKey: CryptoKey;
  key: VerifierKey;
}

/**
 * Signs checkpoints in this process with an Ed25519 key in PKCS#8 PEM. The key is read at the first use.
 *
 * @param origin the name of the log; without one it is made from the key, so that it does not change with the hub's address
 * @throws from each method while the PEM cannot be read
 */
export function ed25519LogSigner(pkcs8Pem: string, origin?: string): LogSigner {
  let loaded: Promise<LoadedKey> | undefined;
  const load = () => {
    loaded ??= loadKey(pkcs8Pem, origin);
    return loaded;
  };
  return {
    async key() {
      return (await load()).key;
    },
    async sign(bytes) {
      const { privateKey } = await load();
      return new Uint8Array(await crypto.subtle.sign(ED25519, privateKey, bytes));
    },
  };
}

async function loadKey(pem: string, origin: string | undefined): Promise<LoadedKey> {
  const der = decodePem(pem, 'PRIVATE KEY');
  if (!der) throw new Error('the key of the log is no private key in PKCS#8 PEM');
  const privateKey = await crypto.subtle.importKey('pkcs8', der, ED25519, true, ['sign']);
  const { x = '' } = await exportJWK(privateKey);
  const base64 = x.replaceAll('-', '+').replaceAll('_', '/');
  const publicKey = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const name = origin ?? `skills-hub/${(await sha256Hex(publicKey)).slice(0, 16)}`;
  return { privateKey, key: await verifierKey(name, publicKey) };
}
