import { entropy, isPlaceholder } from './placeholder.ts';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BASE64 = new Set(
  [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].map((digit) => digit.charCodeAt(0)),
);
const MIN_KEY_RUN = 60;
/** Enough for an RSA key of 4,096 bits with its line ends; a longer one is judged by its end. */
const MAX_KEY_BODY = 4000;
const LARGEST_AWS_ACCOUNT = 999_999_999_999;

/** The bytes of base64 of either alphabet, one character a byte; undefined when it is none. */
export function decodeBase64(text: string): string | undefined {
  try {
    return atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    return undefined;
  }
}

/** The members of the JSON object that base64 holds; undefined when it holds none. */
export function decodeJson(text: string): Record<string, unknown> | undefined {
  const json = decodeBase64(text);
  if (json === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The account that an AWS access key id was issued to: bits 1 to 40 of what follows the prefix, in base32.
 *
 * Source: Tal Be'ery, "A short note on AWS KEY ID". Ids from before 2019 (`AKIAI`, `AKIAJ`) do not hold it.
 */
export function awsAccount(keyId: string): number {
  const bits = [...keyId.slice(4, 13)].reduce((sum, digit) => sum * 32 + BASE32.indexOf(digit), 0);
  return Math.floor(bits / 16) % 2 ** 40;
}

/** True for an access key id that AWS can have issued. */
export function isAwsKeyId(keyId: string): boolean {
  return /^A[KS]IA[IJ]/.test(keyId) || (awsAccount(keyId) > 0 && awsAccount(keyId) <= LARGEST_AWS_ACCOUNT);
}

/**
 * True for a signed token with readable header and claims that is no example of a tutorial. The key that Supabase
 * gives to browsers (`role: anon`) is public by design.
 */
export function isLiveJwt(token: string): boolean {
  const [head = '', body = ''] = token.split('.');
  const header = decodeJson(head);
  const claims = decodeJson(body);
  if (typeof header?.alg !== 'string' || header.alg === 'none' || claims === undefined) return false;
  if (claims.role === 'anon') return false;
  return !/"1234567890"|john doe|example|test|placeholder/i.test(decodeBase64(body) ?? '');
}

/** True when the first part of a Discord token is a user's number, which has 17 to 20 digits. */
export function isDiscordToken(token: string): boolean {
  return /^[1-9][0-9]{16,19}$/.test(decodeBase64(token.split('.')[0] ?? '') ?? '');
}

/** True when the text between the lines of a PEM block ends in key material and not in an ellipsis or a comment. */
export function isKeyBody(body: string): boolean {
  const packed = body.slice(-MAX_KEY_BODY).replace(/\\{1,4}[nr]|["'+,\s]/g, '');
  const run = trailingBase64(packed);
  const start = run.slice(0, MIN_KEY_RUN);
  return start.length === MIN_KEY_RUN && !isPlaceholder(start) && entropy(run) >= 4;
}

/** The base64 digits at the end of a text, without padding and the checksum line of OpenPGP. */
function trailingBase64(text: string): string {
  const body = text.replace(/={1,2}[A-Za-z0-9+/]{4}$/, '');
  const end = body.length - (/={1,2}$/.exec(body.slice(-2))?.[0].length ?? 0);
  let start = end;
  while (start > 0 && BASE64.has(body.charCodeAt(start - 1))) start--;
  return body.slice(start, end);
}
