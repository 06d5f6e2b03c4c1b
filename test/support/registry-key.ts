import { generateKeyPairSync } from 'node:crypto';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    registryKey: string;
  }
}

/** Vitest global setup: one RSA-4096 key for all test files, since making one takes a second. */
export default function provideRegistryKey(project: TestProject): void {
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 4096,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  project.provide('registryKey', privateKey);
}
