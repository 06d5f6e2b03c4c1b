import { generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/format/tlog/canonical-json.ts';
import { openCheckpoint, readCheckpoint, writeCheckpoint } from '../../src/format/tlog/checkpoint.ts';
import { openEntry, readEntry, sealEntry, type VersionEntry, writeEntry } from '../../src/format/tlog/leaf.ts';
import { openNote, writeNote } from '../../src/format/tlog/note.ts';
import { formatVerifierKey, parseVerifierKey, verifierKey } from '../../src/format/tlog/verifier-key.ts';

// The example of the specification of signed notes.
const VKEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const NOTE = `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`;

const pair = generateKeyPairSync('ed25519');
const raw = new Uint8Array(Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'));
const key = await verifierKey('hub.test/log', raw);
const other = await verifierKey('hub.test/other', raw);
const signed = (text: string, as = key) => writeNote(text, as, sign(null, Buffer.from(text), pair.privateKey));

describe('notes', () => {
  test('the example of the specification', async () => {
    const example = await parseVerifierKey(VKEY);
    expect(example).toMatchObject({ name: 'example.com/foo', id: '530d903a' });
    if (!example) return;
    expect(formatVerifierKey(example)).toBe(VKEY);
    expect(await openNote(NOTE, example)).toBe('This is an example message.\n');
    expect(await openNote(NOTE.replace('example message', 'example Message'), example)).toBeUndefined();
    expect(await openNote(NOTE, key)).toBeUndefined();
  });

  test('signatures of others are passed over, a bad one of the key is not', async () => {
    const [text, line = ''] = signed('hello\n').split('\n\n');
    const [, foreign = ''] = signed('hello\n', other).split('\n\n');
    const [, wrong = ''] = signed('bye\n').split('\n\n');
    expect(await openNote(`${text}\n\n${foreign}${line}`, key)).toBe('hello\n');
    expect(await openNote(`${text}\n\n${foreign}`, key)).toBeUndefined();
    expect(await openNote(`${text}\n\n${line}${wrong}`, key)).toBeUndefined();
  });

  test('an empty line in the text is part of it', async () => {
    expect(await openNote(signed('one\n\ntwo\n'), key)).toBe('one\n\ntwo\n');
  });

  test.each<[string, (note: string) => string]>([
    ['no signature', (note) => note.slice(0, note.indexOf('\n\n') + 2)],
    ['no newline at its end', (note) => note.slice(0, -1)],
    ['a control character', (note) => note.replace('hello', 'hel\u0007lo')],
    ['a hyphen for the dash', (note) => note.replace('—', '-')],
    ['base64 that is not canonical', (note) => note.replace(/=?=\n$/, '\n')],
    ['a line that is no signature', (note) => `${note}and more\n`],
    ['64 KiB and more', (note) => 'x'.repeat(65_536) + note],
  ])('%s: not opened', async (_what, change) => {
    expect(await openNote(signed('hello\n'), key)).toBe('hello\n');
    expect(await openNote(change(signed('hello\n')), key)).toBeUndefined();
  });

  test.each([
    'x',
    `${VKEY}x`,
    VKEY.replace('530d903a', '530d903b'),
    VKEY.replace('+Aek', '+Bek'),
    VKEY.replace('/', ' '),
  ])('%s is no key', async (text) => expect(await parseVerifierKey(text)).toBeUndefined());

  test('a key has a name without spaces and plus', async () => {
    for (const name of ['', 'a b', 'a+b', 'a\n']) await expect(verifierKey(name, raw)).rejects.toThrow(RangeError);
  });
});

describe('checkpoints', () => {
  const checkpoint = { origin: key.name, size: 70_000, root: new Uint8Array(32).fill(9), time: 1_767_225_600 };
  const text = writeCheckpoint(checkpoint);

  test('are read as they were written', async () => {
    expect(text).toBe(`hub.test/log\n70000\nCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQk=\ntime 1767225600\n`);
    expect(readCheckpoint(text)).toEqual(checkpoint);
    expect(await openCheckpoint(signed(text), key)).toEqual(checkpoint);
    expect(readCheckpoint(`${text}another extension\n`)).toEqual(checkpoint);
  });

  test.each<[string, string]>([
    ['no time', text.replace(/time.*\n/, '')],
    ['two times', `${text}time 1\n`],
    ['a time in letters', text.replace('time 1767225600', 'time now')],
    ['a size with a zero before', text.replace('70000', '070000')],
    ['a negative size', text.replace('70000', '-1')],
    ['a short root', text.replace('CQkJ', '')],
    ['no origin', text.replace('hub.test/log', '')],
    ['an empty line', text.replace('\ntime', '\n\ntime')],
    ['no newline at its end', text.slice(0, -1)],
  ])('%s: not read', (_what, changed) => expect(readCheckpoint(changed)).toBeUndefined());

  test('of another log are not opened, though the key signed them', async () => {
    expect(await openCheckpoint(signed(text.replace('hub.test/log', 'hub.test/else')), key)).toBeUndefined();
  });
});

describe('entries', () => {
  const entry: VersionEntry = {
    v: 1,
    event: 'publish',
    namespace: 'acme',
    name: 'pdf-tools',
    version: '1.0.0',
    archive_sha256: 'a'.repeat(64),
    tree_digest: 'b'.repeat(64),
    key_id: 'k1',
    publisher_key: undefined,
    at: 1,
  };

  test('are canonical JSON', () => {
    const text = writeEntry(entry);
    expect(text).toBe(
      `{"archive_sha256":"${'a'.repeat(64)}","at":1,"event":"publish","key_id":"k1","name":"pdf-tools","namespace":"acme","tree_digest":"${'b'.repeat(64)}","v":1,"version":"1.0.0"}`,
    );
    expect(readEntry(text)).toEqual(JSON.parse(text));
    expect(canonicalJson({ b: 'é\n"', a: null, c: undefined })).toBe('{"a":null,"b":"é\\n\\""}');
    expect(() => canonicalJson({ at: 0.5 })).toThrow('at is no safe integer');
  });

  test.each<[string, (text: string) => string]>([
    ['spaces', (text) => text.replace(':', ': ')],
    ['another order', (text) => text.replace(/(.*),"v":1(.*)}/, '$1$2,"v":1}')],
    ['a key more', (text) => text.replace('{', '{"a":1,')],
    ['a key twice', (text) => text.replace('{', '{"at":2,')],
    ['another event', (text) => text.replace('publish', 'forget')],
    ['no JSON', (text) => text.slice(1)],
  ])('%s: not read', (_what, change) => expect(readEntry(change(writeEntry(entry)))).toBeUndefined());

  test('about a skill as a whole are of their own form', () => {
    const text = '{"at":1,"by":"moderator","event":"show","name":"pdf-tools","namespace":"acme","v":1}';
    expect(readEntry(text)).toEqual(JSON.parse(text));
    expect(readEntry(text.replace('moderator', 'nobody'))).toBeUndefined();
    expect(readEntry(text.replace('show', 'yank'))).toBeUndefined();
    expect(readEntry(text.replace(',"v":1', ',"v":1,"version":"1.0.0"'))).toBeUndefined();
    expect(readEntry(writeEntry(entry).replace('publish', 'hide'))).toBeUndefined();
  });

  test('of private skills tell nothing, and open only with their own opening', async () => {
    const { sealed, opening } = await sealEntry(entry, 'c'.repeat(64));
    expect(Object.keys(sealed).sort()).toEqual(['commitment', 'event', 'v']);
    expect(readEntry(writeEntry(sealed))).toEqual(sealed);
    expect(await openEntry(sealed, opening)).toEqual(JSON.parse(writeEntry(entry)));
    expect(await openEntry(sealed, opening.replace('pdf-tools', 'pdf-tool'))).toBeUndefined();
    expect(await openEntry({ ...sealed, event: 'yank' }, opening)).toBeUndefined();
    const hidden = { v: 1, event: 'hide', namespace: 'acme', name: 'pdf-tools', by: 'owner', at: 1 } as const;
    expect(await openEntry({ ...sealed, event: 'hide' }, opening)).toBeUndefined();
    const act = await sealEntry(hidden, 'c'.repeat(64));
    expect(act.sealed).toEqual({ v: 1, event: 'hide', commitment: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(await openEntry(act.sealed, act.opening)).toEqual(hidden);
    const again = await sealEntry(entry, 'd'.repeat(64));
    expect(again.sealed.commitment).not.toBe(sealed.commitment);
  });
});
