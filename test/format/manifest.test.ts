import { describe, expect, test } from 'vitest';
import { parseManifest } from '../../src/format/manifest.ts';
import { formatErrorFrom } from '../support/archives.ts';

const manifest = (more: object) => JSON.stringify({ name: 'pdf', version: '1.0.0', ...more });

describe('a good manifest', () => {
  test.each([
    ['name and version only', {}],
    [
      'every field',
      {
        namespace: 'acme',
        description: 'd',
        category: 'c',
        sha256: 'Ab'.repeat(32),
        cert_chain_pem: [],
        publisher_sig_hex: '00ff',
      },
    ],
    ['null for what is optional', { namespace: null, category: null, sha256: null, publisher_sig_hex: null }],
    ['unknown keys', { later: { a: 1 } }],
  ])('%s', (_, more) => {
    expect(parseManifest(manifest(more))).toEqual({ name: 'pdf', version: '1.0.0', ...more });
  });

  test('a byte order mark', () => {
    expect(parseManifest(`\ufeff${manifest({})}`).name).toBe('pdf');
  });
});

test.each([
  ['no JSON', '{', /not valid JSON/],
  ['a list', '[]', /the document/],
  ['no name', '{"version":"1.0.0"}', /manifest.json: name: /],
  ['no version', '{"name":"pdf"}', /manifest.json: version: /],
  ['a bad name', manifest({ name: 'PDF' }), /name: skill name 'PDF' must be lower case/],
  ['a bad namespace', manifest({ namespace: 'a' }), /namespace: namespace 'a' is 1 characters long/],
  ['a version that is not semver', manifest({ version: '1.0' }), /version: must be a semantic version/],
  ['a short digest', manifest({ sha256: 'ab' }), /sha256: must be 64 hex digits/],
  ['a digest that is not hex', manifest({ sha256: 'g'.repeat(64) }), /sha256: must be 64 hex digits/],
  ['a signature that is not hex', manifest({ publisher_sig_hex: 'abc' }), /publisher_sig_hex: must be hex digits/],
  ['certificates that are no list', manifest({ cert_chain_pem: 'x' }), /cert_chain_pem: /],
])('%s is refused', async (_, text, message) => {
  const error = await formatErrorFrom(() => parseManifest(text));
  expect(error).toMatchObject({
    code: 'invalid_manifest',
    file: 'manifest.json',
    message: expect.stringMatching(message),
  });
});
