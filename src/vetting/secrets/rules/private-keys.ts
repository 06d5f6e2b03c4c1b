import { isBech32 } from '../checksum.ts';
import { entropy, isPlaceholder } from '../placeholder.ts';
import { type SecretRule, word } from '../rule.ts';
import { decodeBase64, isKeyBody } from '../structure.ts';

const MIN_KEY_ENTROPY = 4;

const isRandom = (secret: string) => !isPlaceholder(secret) && entropy(secret) >= MIN_KEY_ENTROPY;

export const PRIVATE_KEY_RULES: readonly SecretRule[] = [
  {
    id: 'private-key',
    provider: 'RFC 7468',
    label: 'private key',
    source: 'https://www.rfc-editor.org/rfc/rfc7468',
    keywords: ['-----BEGIN '],
    pattern: /-----BEGIN (?:[A-Z0-9]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?<secret>[^-]{60,20000})-----END /y,
    judgesAlone: true,
    isReal: isKeyBody,
  },
  {
    id: 'ssh2-private-key',
    provider: 'RFC 4716',
    label: 'private key',
    source: 'https://www.rfc-editor.org/rfc/rfc4716',
    keywords: ['---- BEGIN SSH2 '],
    pattern: /---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----(?<secret>[^-]{60,20000})---- END /y,
    judgesAlone: true,
    isReal: isKeyBody,
  },
  {
    id: 'putty-private-key',
    provider: 'PuTTY',
    label: 'PuTTY private key',
    source: 'https://the.earth.li/~sgtatham/putty/0.83/htmldoc/AppendixC.html',
    keywords: ['Private-Lines:'],
    pattern: /Private-Lines: [0-9]{1,3}\r?\n(?<secret>(?:[A-Za-z0-9+/=]{4,64}\r?\n){1,200})/y,
    near: /PuTTY-User-Key-File-[123]|Private-MAC:/,
    judgesAlone: true,
    isReal: (body) => entropy(body) >= MIN_KEY_ENTROPY,
  },
  {
    id: 'age-secret-key',
    provider: 'age',
    label: 'age secret key',
    source: 'https://age-encryption.org/v1',
    keywords: ['AGE-SECRET-KEY-1'],
    pattern: word('AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}'),
    judgesAlone: true,
    isReal: isBech32,
  },
  {
    id: 'json-web-key',
    provider: 'RFC 7517',
    label: 'private JSON Web Key',
    source: 'https://www.rfc-editor.org/rfc/rfc7517',
    keywords: ['"d"'],
    pattern: /"d"\s{0,8}:\s{0,8}"(?<secret>[A-Za-z0-9_-]{43,700})"/y,
    judgesAlone: true,
    isReal: (secret, around) => isRandom(secret) && /"kty"\s{0,8}:\s{0,8}"(?:RSA|EC|OKP)"/.test(around),
  },
  {
    id: 'wireguard-private-key',
    provider: 'WireGuard',
    label: 'WireGuard private key',
    source: 'https://www.wireguard.com/quickstart/',
    keywords: ['PrivateKey'],
    pattern: /PrivateKey[ \t]{0,8}=[ \t]{0,8}(?<secret>[A-Za-z0-9+/]{43}=)(?![A-Za-z0-9+/=])/y,
    minEntropy: MIN_KEY_ENTROPY,
    near: /\[Interface\]|AllowedIPs|ListenPort/,
    isReal: (key) => decodeBase64(key)?.length === 32,
  },
];
