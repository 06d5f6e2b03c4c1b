import { calculateJwkThumbprint, exportJWK, exportSPKI } from 'jose';
import type { EarlierKey, RegistryKey, Signer } from '../core/deps.ts';
import { successionStatement } from '../format/registry-succession.ts';

const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
const PSS = { name: 'RSA-PSS', hash: 'SHA-256' };
const SALT_BYTES = 32;

/** WebCrypto ties a key to one algorithm, so the same key is there twice. */
interface LoadedKey {
  privateKey: CryptoKey;
  pssKey: CryptoKey;
  key: RegistryKey;
}

/**
 * Signs in this process with a private key in PKCS#8 PEM. Keys are read at the first use.
 *
 * @param previous earlier keys in PEM, oldest first; a private one (PKCS#8) says of the next that it is its successor
 * @throws from each method while the PEM cannot be read
 */
export function rsaSigner(pkcs8Pem: string, previous: readonly string[] = []): Signer {
  const load = once(() => loadKey(pkcs8Pem));
  const loadEarlier = once(async () => linked(await Promise.all(previous.map(loadPrevious)), (await load()).key));
  return {
    async key() {
      return (await load()).key;
    },
    earlier: loadEarlier,
    async sign(bytes) {
      const { privateKey, key } = await load();
      const signature = await crypto.subtle.sign(ALGORITHM.name, privateKey, bytes);
      return { keyId: key.id, signature: new Uint8Array(signature) };
    },
    async signPss(bytes) {
      const { pssKey, key } = await load();
      const signature = await crypto.subtle.sign({ name: PSS.name, saltLength: SALT_BYTES }, pssKey, bytes);
      return { keyId: key.id, signature: new Uint8Array(signature) };
    },
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

interface PreviousKey {
  key: RegistryKey;
  privateKey: CryptoKey | undefined;
}

/** Each key with its successor, if it can say which that is. A rotation that was cut short leaves the current key among them. */
function linked(previous: readonly PreviousKey[], current: RegistryKey): Promise<EarlierKey[]> {
  const earlier = previous.filter(({ key }) => key.id !== current.id);
  return Promise.all(
    earlier.map(async ({ key, privateKey }, at) => {
      const next = earlier[at + 1]?.key ?? current;
      if (!privateKey) return key;
      const signature = await crypto.subtle.sign(ALGORITHM.name, privateKey, successionStatement(key.id, next));
      return { ...key, successor: { id: next.id, signature: new Uint8Array(signature) } };
    }),
  );
}

async function loadPrevious(pem: string): Promise<PreviousKey> {
  if (pem.includes('PRIVATE KEY')) return loadKey(pem);
  const publicKey = await crypto.subtle.importKey('spki', derOf(pem), ALGORITHM, true, ['verify']);
  const { n, e } = await exportJWK(publicKey);
  return { key: await registryKey({ kty: 'RSA', n, e }), privateKey: undefined };
}

async function loadKey(pem: string): Promise<LoadedKey> {
  const der = derOf(pem);
  const privateKey = await crypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']);
  const pssKey = await crypto.subtle.importKey('pkcs8', der, PSS, false, ['sign']);
  const { n, e } = await exportJWK(privateKey);
  return { privateKey, pssKey, key: await registryKey({ kty: 'RSA', n, e }) };
}

async function registryKey(publicJwk: JsonWebKey & { kty: string }): Promise<RegistryKey> {
  const publicKey = await crypto.subtle.importKey('jwk', publicJwk, ALGORITHM, true, ['verify']);
  return { id: await calculateJwkThumbprint(publicJwk), pem: await exportSPKI(publicKey) };
}

function derOf(pem: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(pem.replace(/-----[^-]+-----|\s/g, '')), (character) => character.charCodeAt(0));
}
