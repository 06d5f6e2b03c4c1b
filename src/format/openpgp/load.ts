import type { PartialConfig } from 'openpgp';

type OpenPgp = typeof import('openpgp');

/** The library is large and few requests and commands need it: it is loaded when one does. */
export function loadOpenPgp(): Promise<OpenPgp> {
  return import('openpgp');
}

/** What neither a key nor a signature may be made with, beside what the library refuses by itself. */
export function strictConfig({ enums }: OpenPgp): PartialConfig {
  const weakHashes = new Set([enums.hash.md5, enums.hash.ripemd, enums.hash.sha1]);
  return {
    minRSABits: 2048,
    rejectHashAlgorithms: weakHashes,
    rejectMessageHashAlgorithms: weakHashes,
    // A key whose lifetime was prolonged may show its newest self-signature only, younger than what it signed before.
    allowInsecureVerificationWithReformattedKeys: true,
  };
}
