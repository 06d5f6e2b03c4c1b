import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { editDistance, nameSegments, similarNameProbes } from '../../src/vetting/edit-distance.ts';

describe('editDistance', () => {
  test.each([
    ['', '', 0],
    ['abc', 'abc', 0],
    ['abc', 'abd', 1],
    ['abc', 'ab', 1],
    ['abc', 'xabc', 1],
    ['abcd', 'badc', 3],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
  ])('%s to %s is %i', (a, b, distance) => {
    expect(editDistance(a, b, 10)).toBe(distance);
    expect(editDistance(b, a, 10)).toBe(distance);
    expect(editDistance(a, b, 2)).toBe(Math.min(distance, 3));
    expect(editDistance(a, b, 0)).toBe(Math.min(distance, 1));
  });

  test('agrees with the definition', () => {
    const short = fc.string({ unit: fc.constantFrom('a', 'b', '-'), maxLength: 6 });
    fc.assert(
      fc.property(short, short, (a, b) => {
        expect(editDistance(a, b, 20)).toBe(slowDistance(a, b));
      }),
    );
  });
});

function slowDistance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const same = a[0] === b[0] ? 0 : 1;
  return Math.min(
    slowDistance(a.slice(1), b.slice(1)) + same,
    slowDistance(a.slice(1), b) + 1,
    slowDistance(a, b.slice(1)) + 1,
  );
}

describe('the segment index', () => {
  const letters = fc.constantFrom('a', 'b', 'c', '-', '1');
  const name = fc.string({ unit: letters, minLength: 3, maxLength: 64 });
  const edit = fc.record({ kind: fc.constantFrom('insert', 'delete', 'replace'), at: fc.nat(70), letter: letters });
  const apply = (text: string, { kind, at, letter }: { kind: string; at: number; letter: string }) => {
    const place = at % (text.length + 1);
    const end = kind === 'insert' ? place : place + 1;
    return text.slice(0, place) + (kind === 'delete' ? '' : letter) + text.slice(end);
  };
  const keysOf = (segments: { length: number; index: number; text: string }[]) =>
    segments.map((segment) => `${segment.length}:${segment.index}:${segment.text}`);

  test('names within distance 2 always share a segment', () => {
    fc.assert(
      fc.property(name, fc.array(edit, { maxLength: 2 }), (text, edits) => {
        const other = edits.reduce(apply, text);
        fc.pre(other.length >= 3);
        const probes = new Set(keysOf(similarNameProbes(text)));
        expect(keysOf(nameSegments(other)).some((key) => probes.has(key))).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  test('segments put together are the name', () => {
    fc.assert(
      fc.property(name, (text) => {
        const segments = nameSegments(text);
        expect(segments.map((segment) => segment.text).join('')).toBe(text);
        const sizes = segments.map((segment) => segment.text.length);
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('at most 19 different probes', () => {
    fc.assert(
      fc.property(name, (text) => {
        const keys = keysOf(similarNameProbes(text));
        expect(keys.length).toBeLessThanOrEqual(19);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  test('names that are far apart mostly share none', () => {
    const probes = new Set(keysOf(similarNameProbes('pdf-tools-converter')));
    expect(keysOf(nameSegments('kubernetes-operator')).some((key) => probes.has(key))).toBe(false);
  });
});
