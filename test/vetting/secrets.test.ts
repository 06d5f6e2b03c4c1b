import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { maskSecret, maskSecrets } from '../../src/vetting/secrets/mask.ts';
import { SECRET_RULES } from '../../src/vetting/secrets/rules.ts';
import { scanForSecrets } from '../../src/vetting/secrets/scan.ts';
import { awsAccount } from '../../src/vetting/secrets/structure.ts';
import { findSecrets } from '../../src/vetting/secrets.ts';
import { BASE32, githubToken, jwt, noise } from '../support/credentials.ts';
import { EXAMPLES } from './secrets-examples.ts';

const each = (kind: 'match' | 'noMatch') =>
  Object.entries(EXAMPLES).flatMap(([id, examples]) =>
    examples[kind].map((text, index): [string, number, string] => [id, index + 1, text]),
  );

describe('the rules', () => {
  test('have examples of both kinds, an id of their own and a source', () => {
    const ids = SECRET_RULES.map((rule) => rule.id);
    expect(ids.length).toBeGreaterThan(60);
    expect([...new Set(ids)]).toEqual(ids);
    expect(Object.keys(EXAMPLES).sort()).toEqual([...ids].sort());
    expect(Object.values(EXAMPLES).filter(({ match, noMatch }) => match.length === 0 || noMatch.length === 0)).toEqual(
      [],
    );
    expect(SECRET_RULES.filter(({ source }) => !/^https:\/\/|^docs\//.test(source))).toEqual([]);
  });

  test('begin at a keyword that is long enough to look for, and at one place only', () => {
    for (const { id, keywords, pattern } of SECRET_RULES) {
      expect(keywords.length, id).toBeGreaterThan(0);
      for (const keyword of keywords) expect(keyword.length, `${id} ${keyword}`).toBeGreaterThanOrEqual(3);
      expect(pattern.sticky, id).toBe(true);
      expect(pattern.source, id).not.toMatch(/(?<!\\)[*+](?![^[]*\])|\{\d+,\}/);
    }
  });
});

test.each(each('match'))('%s is found (example %i)', (id, _, text) => {
  expect(findSecrets(`first line\nvalue ${text} end`.replace(/value (?=\w+=.*\n)/, ''))).toMatchObject([{ rule: id }]);
});

const ofOneLine = each('match').filter(([, , text]) => !/[\n"]/.test(text) && !/^[A-Z_]+=/.test(text));

test.each(ofOneLine)('%s is found on its line, in quotes and escaped (example %i)', (id, _, text) => {
  const [found] = findSecrets(`\n\n\n${JSON.stringify({ text: `a\n${text}` })}`);
  expect(found).toMatchObject({ rule: id, line: 4 });
});

test.each(each('match'))('%s is masked (example %i)', (_, __, text) => {
  const secrets = [...scanForSecrets(text)].map(({ secret }) => secret);
  expect(secrets).toHaveLength(1);
  for (const { masked } of findSecrets(text)) expect(masked).toMatch(/^.{0,4}… \(\d+ characters\)$/);
  for (const secret of secrets) expect(maskSecrets(`see\n${text}`)).not.toContain(secret.slice(4, 24));
});

test.each(each('noMatch'))('nothing is found in what is no %s (example %i)', (_, __, text) => {
  expect(findSecrets(`value ${text} end`)).toEqual([]);
  expect(findSecrets(text)).toEqual([]);
});

describe('placeholders', () => {
  test.each([
    ['x for characters', `ghp_${'x'.repeat(36)}`],
    ['a count', `glpat-${'1234567890'.repeat(3)}`],
    ['the alphabet', `sk-${'abcdefghijklmnopqrstuvwxyz'.repeat(2).slice(0, 48)}`],
    ['the alphabet backwards', `gsk_${'zyxwvutsrqponmlkjihgfedcba'.repeat(2)}`],
    ['an ellipsis', 'sk-ant-api03-...'],
    ['a prefix alone', 'tokens begin with ghp_ or github_pat_'],
    ['a pattern', 'AIza[A-Za-z0-9_-]{35}'],
    ['letters and digits in turn', `AIzaSyA1B2C3D4${noise(27)}`],
    [
      'words',
      'sk-ant-api03-this-is-where-my-secret-goes-and-it-is-quite-long-so-that-it-looks-like-a-real-one-honestly',
    ],
    ['EXAMPLE in capitals', `npm_EXAMPLE${noise(29)}`],
  ])('%s is no finding', (_, text) => {
    expect(findSecrets(text)).toEqual([]);
  });
});

describe('which finding it is', () => {
  test('what an issuer made blocks, what it made for tests does not', () => {
    expect(findSecrets(`sk_live_${noise(24)}`)).toMatchObject([{ severity: 'error' }]);
    expect(findSecrets(`sk_test_${noise(24)}`)).toMatchObject([{ severity: 'warning' }]);
  });

  test('a value of no form blocks, unless the text around says that it is for tests', () => {
    const literal = `token = "${noise(24)}"`;
    expect(findSecrets(literal)).toMatchObject([{ severity: 'error' }]);
    expect(findSecrets(`Test environment:\n${literal}`)).toMatchObject([{ severity: 'warning' }]);
    expect(findSecrets(`the latest contest\n${literal}`)).toMatchObject([{ severity: 'error' }]);
    expect(findSecrets(`Test environment:\ntoken = "${githubToken()}"`)).toMatchObject([{ severity: 'error' }]);
  });

  test("an issuer's format says more than an assignment", () => {
    expect(findSecrets(`token = "${githubToken()}"`)).toMatchObject([{ rule: 'github-token' }]);
    expect(findSecrets(`GITHUB_TOKEN=${githubToken()}`)).toMatchObject([{ rule: 'github-token' }]);
    expect(findSecrets(`a = "b"\ntoken = "${noise(24)}"\nkey ${githubToken()}`)).toMatchObject([
      { rule: 'assigned-literal', line: 2 },
      { rule: 'github-token', line: 3 },
    ]);
  });

  test('the same one is reported once', () => {
    const token = githubToken();
    expect(findSecrets(`${token}\n${token}\ntoken = "${token}"`)).toHaveLength(1);
  });

  test('the account in an access key id of AWS is read as AWS writes it', () => {
    expect(awsAccount(['ASIAY34F', 'ZKBOKMUTVV7A'].join(''))).toBe(609_629_065_308);
  });
});

describe('what is shown', () => {
  test('of a credential, a fifth and at most four characters', () => {
    expect(maskSecret(noise(40))).toBe(`${noise(4)}… (40 characters)`);
    expect(maskSecret(noise(12))).toBe(`${noise(2)}… (12 characters)`);
    expect(maskSecret('a\nb')).toBe('… (3 characters)');
  });

  test('of a text, all but its credentials, also where it says one twice', () => {
    const password = noise(20);
    const url = `postgres://${password}:${password}@db.acme.io/x`;
    expect(maskSecrets(`curl -d ${githubToken()} a.io`)).toBe('curl -d ghp_… (40 characters) a.io');
    expect(maskSecrets(`open ${url}`)).not.toContain(password.slice(4));
    expect(maskSecrets(`of no format: ${noise(32)}!`)).toBe(`of no format: ${noise(4)}… (32 characters)!`);
    expect(maskSecrets(jwt({ sub: '1234567890', name: 'John Doe' }))).not.toContain(noise(12));
    expect(maskSecrets('plain prose, a path /usr/lib/node_modules/x and 12 numbers')).toBe(
      'plain prose, a path /usr/lib/node_modules/x and 12 numbers',
    );
  });
});

describe('work grows with the text and not with its square', () => {
  const MIB = 1024 * 1024;
  const fill = (piece: string, size = MIB) => piece.repeat(Math.ceil(size / piece.length));

  // What the rules look for, without end: a hang guard, not a measurement.
  test.each(SECRET_RULES.flatMap(({ id, keywords }) => keywords.slice(0, 1).map((keyword) => [id, keyword])))(
    '1 MiB of what begins %s',
    { timeout: 10_000 },
    (_, keyword = '') => {
      const texts = [keyword, `${keyword}"A1b2=`, ` ${keyword}${'aB3'.repeat(40)}`].map((piece) =>
        fill(piece, MIB / 4),
      );
      for (const text of texts) {
        const started = performance.now();
        findSecrets(text, 10);
        expect(performance.now() - started).toBeLessThan(1000);
      }
    },
  );

  test.each([
    ['starts of tokens', 'eyJ-'],
    ['starts of keys', 'sk-proj-'],
    ['PEM blocks that hold no key', `-----BEGIN PRIVATE KEY-----${'A'.repeat(19_000)}!-----END PRIVATE KEY-----\n`],
    ['PEM blocks without an end', '-----BEGIN PRIVATE KEY-----'],
    ['passwords that are none', 'token="aaaabbbbccccdddd1"\n'],
    ['numbers of a Slack token', `xoxb-${'1'.repeat(100_000)}`],
    ['a long line', `${'aB3'.repeat(350_000)} `],
    ['spaces', ' '],
  ])('1 MiB of %s', (_, piece) => {
    const text = fill(piece);
    const started = performance.now();
    expect(findSecrets(text)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  const keys = Array.from({ length: 8000 }, (_, index) => {
    const random = [...createHash('sha256').update(String(index)).digest().subarray(0, 15)];
    return `AKIAQ${random.map((byte) => BASE32[byte % 32]).join('')}`;
  });

  test('8,000 keys are found, each on its line', () => {
    const found = findSecrets(`${'\n'.repeat(MIB)}${keys.join('\n')}`);
    expect(found.length).toBeGreaterThan(7500);
    expect(found[0]?.line).toBe(MIB + 1);
    expect(found.at(-1)?.line).toBe(MIB + 8000);
  });

  test('the search ends at the number that is wanted', () => {
    expect(findSecrets(keys.join('\n'), 50)).toHaveLength(50);
    expect(findSecrets(keys.join('\n'), 50)).toEqual(findSecrets(keys.join('\n')).slice(0, 50));
    expect(findSecrets(keys.join('\n'), 0)).toEqual([]);
  });
});
