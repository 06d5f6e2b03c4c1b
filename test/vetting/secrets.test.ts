import { createHash } from 'node:crypto';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { findSecrets } from '../../src/vetting/secrets.ts';

/** Random-looking text that is the same on each run; built here so that no scanner takes this file for a leak. */
function noise(length: number, alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'): string {
  let text = '';
  for (let block = 0; text.length < length; block++) {
    for (const byte of createHash('sha256').update(`${alphabet}${block}`).digest())
      text += alphabet[byte % alphabet.length];
  }
  return text.slice(0, length);
}

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const base64Url = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const jwt = (claims: object) => `${base64Url({ alg: 'HS256', typ: 'JWT' })}.${base64Url(claims)}.${noise(43)}`;
const pem = (body: string, kind = '') =>
  `-----BEGIN ${kind}PRIVATE KEY-----\n${body}\n-----END ${kind}PRIVATE KEY-----`;
const lines = (text: string) => text.replace(/(.{64})/g, '$1\n');

const real: [string, string][] = [
  ['aws-access-key', `AKIA${noise(16, `${UPPER}234567`)}`],
  ['aws-access-key', `ASIA${noise(16, `${UPPER}234567`)}`],
  ['github-token', `ghp_${noise(36)}`],
  ['github-token', `gho_${noise(36)}`],
  ['github-fine-grained-token', `github_pat_${noise(22)}_${noise(59)}`],
  ['gitlab-token', `glpat-${noise(20)}`],
  ['slack-token', `xoxb-${noise(12, '1357902468')}-${noise(12, '9081726354')}-${noise(24)}`],
  ['slack-webhook', `https://hooks.slack.com/services/T${noise(9, UPPER)}/B${noise(9, UPPER)}/${noise(24)}`],
  ['stripe-key', `sk_live_${noise(24)}`],
  ['stripe-key', `rk_live_${noise(99)}`],
  ['google-api-key', `AIza${noise(35)}`],
  ['openai-key', `sk-${noise(20)}T3BlbkFJ${noise(20)}`],
  ['openai-key', `sk-proj-${noise(48)}`],
  ['openai-key', `sk-${noise(48)}`],
  ['anthropic-key', `sk-ant-api03-${noise(95)}`],
  ['npm-token', `npm_${noise(36)}`],
  ['pypi-token', `pypi-AgEIcHlwaS5vcmc${noise(60)}`],
  ['hugging-face-token', `hf_${noise(34, `${UPPER}${UPPER.toLowerCase()}`)}`],
  ['sendgrid-key', `SG.${noise(22)}.${noise(43)}`],
  ['skills-hub-key', `skh_${noise(64, '0123456789abcdef')}`],
  ['skills-hub-key', `skreg_${noise(64, '0123456789abcdef')}`],
  ['json-web-token', jwt({ sub: 'u-81723', iss: 'https://login.acme.io', exp: 1900000000 })],
  ['private-key', pem(lines(noise(640)))],
  ['private-key', pem(lines(noise(640)), 'RSA ')],
  ['private-key', pem(lines(noise(640)), 'OPENSSH ').replaceAll('\n', '\\n')],
  ['assigned-literal', `password = "${noise(20)}"`],
  ['assigned-literal', `"api_key": "${noise(32)}"`],
  ['assigned-literal', `DB_PASSWORD: '${noise(18)}'`],
  ['assigned-literal', `const apiKey = \`${noise(24)}\``],
  ['assigned-literal', `client_secret => "${noise(40)}"`],
];

describe('real credentials', () => {
  test.each(real)('%s', (rule, text) => {
    expect(findSecrets(`first line\nvalue ${text} end`)).toMatchObject([{ rule, line: 2 }]);
  });

  test.each(real)('%s is masked', (_, text) => {
    const longest = text.split(/[\s"'`]+/).reduce((a, b) => (b.length > a.length ? b : a));
    const [match] = findSecrets(text);
    expect(match?.masked).not.toContain(longest.slice(0, 12));
    expect(match?.masked.length).toBeLessThan(40);
  });

  test('the same one is reported once', () => {
    const token = `ghp_${noise(36)}`;
    expect(findSecrets(`${token}\n${token}\ntoken = "${token}"`)).toHaveLength(1);
  });
});

test.each([
  ['the key of the AWS documentation', `AKIAIOSFODNN7${'EXAMPLE'}`],
  ['x for characters', `ghp_${'x'.repeat(36)}`],
  ['a count', `ghp_${'1234567890'.repeat(4).slice(0, 36)}`],
  ['the alphabet', `sk-${'abcdefghijklmnopqrstuvwxyz'.repeat(2).slice(0, 48)}`],
  ['your-key', `sk-proj-your-api-key-goes-here-${noise(20)}`],
  ['an ellipsis', 'sk-ant-api03-...'],
  ['a prefix alone', 'tokens begin with ghp_ or github_pat_'],
  ['a pattern', 'AIza[A-Za-z0-9_-]{35}'],
  ['letters and digits in turn', `AIzaSyA1B2C3D4${noise(27)}`],
  ['a JWT of every tutorial', jwt({ sub: '1234567890', name: 'John Doe' })],
  ['an empty PEM block', pem('...')],
  ['a described PEM block', pem('paste the content of your private key file between these two lines')],
  ['a PEM block of one letter', pem('A'.repeat(640))],
  ['a public key', `-----BEGIN PUBLIC KEY-----\n${lines(noise(400))}\n-----END PUBLIC KEY-----`],
  ['a variable', 'token=var'],
  ['prose', 'Set the password: it must be at least sixteen characters long.'],
  ['a short password', 'password = "hunter2"'],
  ['an environment variable', `password = "$${'{DATABASE_PASSWORD_1}'}"`],
  ['a shell variable', 'API_KEY="$MY_SERVICE_KEY_2024"'],
  ['a template', 'secret: "{{ vault.db.key_123456 }}"'],
  ['angle brackets', 'api_key = "<insert-32-chars-here>"'],
  ['a phrase', 'token: "refresh-access-grant-2024"'],
  ['a code path', 'secret = "config.services.stripe.key2"'],
  ['an address', 'token: "https://login.acme.io/oauth2/x9"'],
  ['a contract address', `token: "0x${noise(40, '0123456789abcdef')}"`],
  ['a mint address', `token = "${noise(44, '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz')}"`],
  ['few different characters', 'password = "aabbaabbaabb1122"'],
  ['letters only', `secret = "${noise(24, UPPER.toLowerCase())}"`],
])('%s is no finding', (_, text) => {
  expect(findSecrets(text)).toEqual([]);
});

describe('work grows with the text and not with its square', () => {
  const MIB = 1024 * 1024;
  const fill = (piece: string) => piece.repeat(Math.ceil((10 * MIB) / piece.length));

  test.each([
    ['starts of tokens', 'eyJ-'],
    ['starts of keys', 'sk-proj-'],
    ['PEM blocks that hold no key', `-----BEGIN PRIVATE KEY-----${'A'.repeat(19_000)}!-----END PRIVATE KEY-----\n`],
    ['PEM blocks without an end', '-----BEGIN PRIVATE KEY-----'],
    ['passwords that are none', 'token="aaaabbbbccccdddd1"\n'],
    ['numbers of a Slack token', `xoxb-${'1'.repeat(100_000)}`],
  ])('10 MiB of %s', (_, piece) => {
    expect(findSecrets(fill(piece))).toEqual([]);
  });

  const keys = Array.from({ length: 32_000 }, (_, index) => {
    const digits = createHash('sha256').update(String(index)).digest().subarray(0, 16);
    return `AKIA${[...digits].map((byte) => `${UPPER}234567`[byte % 32]).join('')}`;
  });

  test('32,000 keys are found, each on its line', () => {
    const found = findSecrets(`${'\n'.repeat(5 * MIB)}${keys.join('\n')}`);
    expect(found.length).toBeGreaterThan(30_000);
    expect(found[0]?.line).toBe(5 * MIB + 1);
    expect(found.at(-1)?.line).toBe(5 * MIB + 32_000);
  });

  test('the search ends at the number that is wanted', () => {
    const read = vi.spyOn(RegExp.prototype, 'exec');
    onTestFinished(() => read.mockRestore());
    expect(findSecrets(keys.join('\n'), 50)).toHaveLength(50);
    expect(read.mock.calls.length).toBeLessThan(500);
  });
});
