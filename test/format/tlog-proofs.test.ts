import { describe, expect, test } from 'vitest';
import { toHex } from '../../src/format/digest.ts';
import { fromHex } from '../../src/format/hex.ts';
import { emptyRoot, leafHash } from '../../src/format/tlog/merkle.ts';
import { consistencyRanges, inclusionRanges, type Range } from '../../src/format/tlog/proof-ranges.ts';
import { verifyConsistency, verifyInclusion } from '../../src/format/tlog/verify-proof.ts';
import { entriesOf, naiveRoot } from '../support/naive-log.ts';

/** The eight entries and roots that implementations of RFC 6962 have tested themselves with from the start. */
const VECTOR = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

const MAX = 40;
const entries = entriesOf(MAX);
const roots = await Promise.all(Array.from({ length: MAX + 1 }, (_, size) => naiveRoot(entries.slice(0, size))));
const rootOf = (size: number) => roots[size] ?? new Uint8Array();
const proof = (ranges: Range[]) => Promise.all(ranges.map(({ start, end }) => naiveRoot(entries.slice(start, end))));
const flip = (hash: Uint8Array) => hash.with(7, (hash[7] ?? 0) ^ 1);

test('the known roots', async () => {
  expect(toHex(await emptyRoot())).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  const leaves = VECTOR.map(fromHex);
  expect(await Promise.all(ROOTS.map(async (_, i) => toHex(await naiveRoot(leaves.slice(0, i + 1)))))).toEqual(ROOTS);
});

test('the known proofs of RFC 6962, section 2.1.3', async () => {
  // Of the tree of seven entries there: a to f are leaves, and g, h, i, j, k, l the nodes above.
  expect(inclusionRanges(0, 7)).toEqual([
    { start: 1, end: 2 },
    { start: 2, end: 4 },
    { start: 4, end: 7 },
  ]);
  expect(inclusionRanges(3, 7)).toEqual([
    { start: 2, end: 3 },
    { start: 0, end: 2 },
    { start: 4, end: 7 },
  ]);
  expect(inclusionRanges(4, 7)).toEqual([
    { start: 5, end: 6 },
    { start: 6, end: 7 },
    { start: 0, end: 4 },
  ]);
  expect(inclusionRanges(6, 7)).toEqual([
    { start: 4, end: 6 },
    { start: 0, end: 4 },
  ]);
  expect(consistencyRanges(3, 7)).toEqual([
    { start: 2, end: 3 },
    { start: 3, end: 4 },
    { start: 0, end: 2 },
    { start: 4, end: 7 },
  ]);
  expect(consistencyRanges(4, 7)).toEqual([{ start: 4, end: 7 }]);
  expect(consistencyRanges(6, 7)).toEqual([
    { start: 4, end: 6 },
    { start: 6, end: 7 },
    { start: 0, end: 4 },
  ]);
});

describe('every tree of up to forty entries', () => {
  test('includes each entry at its place, and nowhere else', async () => {
    for (let size = 1; size <= MAX; size++) {
      for (let position = 0; position < size; position++) {
        const path = await proof(inclusionRanges(position, size));
        const claim = {
          leaf: await leafHash(entries[position] ?? new Uint8Array()),
          position,
          size,
          root: rootOf(size),
        };
        const place = `entry ${position} of ${size}`;
        expect(await verifyInclusion(claim, path), place).toBe(true);
        expect(await verifyInclusion({ ...claim, leaf: flip(claim.leaf) }, path), place).toBe(false);
        expect(await verifyInclusion({ ...claim, root: flip(claim.root) }, path), place).toBe(false);
        expect(await verifyInclusion({ ...claim, position: size }, path), place).toBe(false);
        expect(await verifyInclusion(claim, [...path, claim.root]), place).toBe(false);
        if (path.length === 0) continue;
        expect(await verifyInclusion(claim, path.slice(1)), place).toBe(false);
        expect(await verifyInclusion({ ...claim, position: position === 0 ? 1 : position - 1 }, path), place).toBe(
          false,
        );
        expect(await verifyInclusion(claim, path.with(0, flip(path[0] ?? new Uint8Array()))), place).toBe(false);
      }
    }
  });

  test('begins with each smaller one, and no other', async () => {
    for (let size = 0; size <= MAX; size++) {
      for (let from = 0; from <= size; from++) {
        const path = await proof(consistencyRanges(from, size));
        const [old, next] = [
          { size: from, root: rootOf(from) },
          { size, root: rootOf(size) },
        ];
        const place = `${from} to ${size}`;
        expect(await verifyConsistency(old, next, path), place).toBe(true);
        expect(await verifyConsistency({ ...old, root: flip(old.root) }, next, path), place).toBe(false);
        expect(await verifyConsistency(old, next, [...path, next.root]), place).toBe(false);
        if (from === 0) continue;
        expect(await verifyConsistency(old, { ...next, root: flip(next.root) }, path), place).toBe(false);
        if (path.length === 0) continue;
        expect(await verifyConsistency(old, next, path.slice(1)), place).toBe(false);
        expect(await verifyConsistency({ ...old, size: from - 1 }, next, path), place).toBe(false);
        expect(await verifyConsistency(next, old, path), place).toBe(false);
      }
    }
  });
});

test('sizes above 32 bits keep their bits', () => {
  const size = 2 ** 40 + 3;
  expect(inclusionRanges(2 ** 40 + 1, size)).toEqual([
    { start: 2 ** 40, end: 2 ** 40 + 1 },
    { start: 2 ** 40 + 2, end: size },
    { start: 0, end: 2 ** 40 },
  ]);
  expect(consistencyRanges(2 ** 40, size)).toEqual([{ start: 2 ** 40, end: size }]);
});

test('there are no proofs for what cannot be', () => {
  expect(() => inclusionRanges(5, 5)).toThrow('there is no entry 5 in a tree of 5');
  expect(() => inclusionRanges(-1, 5)).toThrow(RangeError);
  expect(() => consistencyRanges(6, 5)).toThrow('a tree of 5 entries does not begin with one of 6');
  expect(() => consistencyRanges(0.5, 5)).toThrow(RangeError);
});
