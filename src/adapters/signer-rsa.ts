import { calculateJwkThumbprint, exportJWK, exportSPKI } from 'jose';
import type { RegistryKey, Signer } from '../core/deps.ts';

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };

/**
 * Signs in this process with a private key in PKCS#8 PEM. The key is read at the first use.
 *
 * @throws from each method while the PEM cannot be read
 */
export function rsaSigner(pkcs8Pem: string): Signer {
  let loaded: Promise<{ privateKey: CryptoKey; key: RegistryKey }> | undefined;
  const load = () => {
    loaded ??= loadKey(pkcs8Pem);
    return loaded;
  };
  return {
    async key() {
      return (await load()).key;
    },
    async sign(bytes) {
      const { privateKey, key } = await load();
      const signature = await crypto.subtle.sign(ALGORITHM.name, privateKey, bytes);
      return { keyId: key.id, signature: new Uint8Array(signature) };
    },
  };
}

async function loadKey(pem: string): Promise<{ privateKey: CryptoKey; key: RegistryKey }> {
  const der = Uint8Array.from(atob(pem.replace(/-----[^-]+-----|\s/g, '')), (character) => character.charCodeAt(0));
  const privateKey = await crypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']);
  const { n, e } = await exportJWK(privateKey);
  const publicJwk = { kty: 'RSA', n, e };
  const publicKey = await crypto.subtle.importKey('jwk', publicJwk, ALGORITHM, true, ['verify']);
  return { privateKey, key: { id: await calculateJwkThumbprint(publicJwk), pem: await exportSPKI(publicKey) } };
}
