import { createHash } from 'node:crypto';
import { base62Checksum } from '../../src/vetting/secrets/checksum.ts';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';

export const HEX = `${DIGITS}abcdef`;
export const BASE32 = `${UPPER}234567`;
export const BASE36 = `${DIGITS}${UPPER.toLowerCase()}`;
export const UPPER36 = `${DIGITS}${UPPER}`;
export const BASE62 = `${DIGITS}${UPPER}${UPPER.toLowerCase()}`;

/**
 * Random-looking text that is the same on each run. Made up here, as are all credentials of the tests, so that no
 * scanner takes the repository for a leak.
 */
export function noise(length: number, alphabet = BASE62, seed = ''): string {
  let text = '';
  for (let block = 0; text.length < length; block++) {
    for (const byte of createHash('sha256').update(`${alphabet}${seed}${block}`).digest())
      text += alphabet[byte % alphabet.length];
  }
  return text.slice(0, length);
}

/** A token of GitHub's form, with the checksum that its form demands. */
export function githubToken(prefix = 'ghp_', random = noise(30)): string {
  return `${prefix}${random}${base62Checksum(random)}`;
}

export const base64Url = (value: object | string) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export const jwt = (claims: object, header: object = { alg: 'HS256', typ: 'JWT' }) =>
  `${base64Url(header)}.${base64Url(claims)}.${noise(43)}`;

export const pem = (body: string, kind = '') =>
  `-----BEGIN ${kind}PRIVATE KEY-----\n${body}\n-----END ${kind}PRIVATE KEY-----`;

export const inLines = (text: string) => text.replace(/(.{64})/g, '$1\n');

export const uuid = (seed = '') =>
  [8, 4, 4, 4, 12].map((length, part) => noise(length, HEX, `${seed}uuid${part}`)).join('-');
