import { expect, test } from 'vitest';
import { readEntryBundle, writeEntryBundle } from '../../src/format/tlog/entry-bundle.ts';
import { leafHash } from '../../src/format/tlog/merkle.ts';
import { rangeHash, rootHash } from '../../src/format/tlog/range-hash.ts';
import { parseTilePath, tilePath, tilesAt, widthOf } from '../../src/format/tlog/tile.ts';
import { entriesOf, naiveRoot } from '../support/naive-log.ts';

test.each([
  [{ level: 0, index: 0, width: 256 }, 'tile/0/000'],
  [{ level: 0, index: 273, width: 112 }, 'tile/0/273.p/112'],
  [{ level: 3, index: 1234067, width: 256 }, 'tile/3/x001/x234/067'],
  [{ level: 63, index: 1000, width: 1 }, 'tile/63/x001/000.p/1'],
  [{ level: 'entries' as const, index: 5, width: 255 }, 'tile/entries/005.p/255'],
])('%o lies at %s', (address, path) => {
  expect(tilePath(address)).toBe(path);
  expect(parseTilePath(path)).toEqual(address);
});

test.each([
  'tile/0/0',
  'tile/00/000',
  'tile/64/000',
  'tile/0/000/',
  'tile/0/x000/001',
  'tile/0/001/001',
  'tile/0/000.p/0',
  'tile/0/000.p/256',
  'tile/0/000.p/01',
  'tile/0/000.p/1000',
  'tile/-1/000',
  'tile/entries/../../openings/a.json',
  'checkpoint',
])('%s is no tile', (path) => expect(parseTilePath(path)).toBeUndefined());

test('a tree of 70,000 entries has the tiles that the specification counts', () => {
  expect([0, 1, 2, 3].map((level) => tilesAt(level, 70_000))).toEqual([
    { full: 273, partial: 112 },
    { full: 1, partial: 17 },
    { full: 0, partial: 1 },
    { full: 0, partial: 0 },
  ]);
  expect([widthOf(0, 272, 70_000), widthOf(0, 273, 70_000), widthOf(0, 274, 70_000)]).toEqual([256, 112, 0]);
  expect(tilesAt(1, 256)).toEqual({ full: 0, partial: 1 });
});

test.each([0, 1, 2, 3, 255, 256, 257, 511, 700])('the root over %i entries, from tiles', async (size) => {
  const entries = entriesOf(size);
  // Level 1 by its definition: the tree hash of each full tile below.
  const read = async (level: number, index: number, at: number) => {
    const n = index * 256 + at;
    if (level === 0) return leafHash(entries[n] ?? new Uint8Array());
    if (level !== 1 || (n + 1) * 256 > size) throw new Error(`no tile holds ${level}/${n}`);
    return naiveRoot(entries.slice(n * 256, (n + 1) * 256));
  };
  expect(await rootHash(read, size)).toEqual(await naiveRoot(entries));
  if (size > 512) {
    expect(await rangeHash(read, { start: 512, end: size })).toEqual(await naiveRoot(entries.slice(512, size)));
  }
});

test('bundles hold entries of any length, and say where they break off', () => {
  const entries = [new Uint8Array(), Uint8Array.of(1), new Uint8Array(300).fill(7), new Uint8Array(65_535)];
  const bundle = writeEntryBundle(entries);
  expect([...bundle.slice(0, 5)]).toEqual([0, 0, 0, 1, 1]);
  expect(readEntryBundle(bundle)).toEqual(entries);
  expect(() => readEntryBundle(bundle.slice(0, -1))).toThrow('ends within entry 3');
  expect(() => readEntryBundle(Uint8Array.of(0))).toThrow('ends within entry 0');
  expect(() => writeEntryBundle([new Uint8Array(65_536)])).toThrow('65536 bytes');
});
