import { crc32 } from '../../format/crc32.ts';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const BECH32_GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECKSUM_DIGITS = 6;

const utf8 = new TextEncoder();

/**
 * The six base62 digits that end a token of GitHub or npm: the CRC-32 of the characters between prefix and checksum.
 *
 * Source: GitHub, "Behind GitHub's new authentication token formats".
 */
export function base62Checksum(random: string): string {
  let rest = crc32(utf8.encode(random));
  let digits = '';
  for (; rest > 0; rest = Math.floor(rest / 62)) digits = `${BASE62[rest % 62]}${digits}`;
  return digits.padStart(CHECKSUM_DIGITS, '0');
}

/** True when the last six characters of a token are the checksum of what lies between them and its `_`. */
export function hasBase62Checksum(token: string): boolean {
  const random = token.slice(token.indexOf('_') + 1, -CHECKSUM_DIGITS);
  return base62Checksum(random) === token.slice(-CHECKSUM_DIGITS);
}

/**
 * The checksum that ends a Grafana token: the CRC-32 of all before its last `_`, as hex, lowest byte first.
 *
 * Source: grafana/grafana, pkg/components/satokengen.
 */
export function grafanaChecksum(text: string): string {
  const sum = crc32(utf8.encode(text));
  return [0, 8, 16, 24].map((bits) => ((sum >>> bits) & 0xff).toString(16).padStart(2, '0')).join('');
}

/**
 * True when a text of the form `<prefix>1<data>` carries the checksum of Bech32; case does not count.
 *
 * Source: BIP 173.
 */
export function isBech32(text: string): boolean {
  const lower = text.toLowerCase();
  const end = lower.lastIndexOf('1');
  const prefix = [...lower.slice(0, end)].map((char) => char.charCodeAt(0));
  const data = [...lower.slice(end + 1)].map((char) => BECH32.indexOf(char));
  const values = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...data];
  return end > 0 && !data.includes(-1) && bech32Sum(values) === 1;
}

/** The polynomial of Bech32 over values of five bits; 1 for a text with its right checksum. */
export function bech32Sum(values: readonly number[]): number {
  let sum = 1;
  for (const value of values) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [bit, term] of BECH32_GENERATOR.entries()) if ((top >>> bit) & 1) sum ^= term;
  }
  return sum >>> 0;
}
