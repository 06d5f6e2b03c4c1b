import { describe, expect, test } from 'vitest';
import type { BundleStore } from '../../src/core/deps.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** What every bundle store has to do. */
export function bundleStoreConformance(name: string, open: () => BundleStore): void {
  describe(`${name} is a bundle store`, () => {
    test('keeps bytes under a key and gives them back with their size', async () => {
      const store = open();
      await store.put('a/one', bytes('first'));
      const stored = await store.open('a/one');
      expect(stored?.size).toBe(5);
      expect(await new Response(stored?.body).text()).toBe('first');
      expect(await store.has('a/one')).toBe(true);
    });

    test('replaces what a key held', async () => {
      const store = open();
      await store.put('b/one', bytes('first'));
      await store.put('b/one', bytes('second'));
      expect(await new Response((await store.open('b/one'))?.body).text()).toBe('second');
    });

    test('knows nothing of a key that was never put or is deleted', async () => {
      const store = open();
      await store.put('c/one', bytes('first'));
      await store.delete(['c/one', 'c/never']);
      expect(await store.open('c/one')).toBeUndefined();
      expect(await store.has('c/one')).toBe(false);
    });

    test('lists a prefix past its first page, in key order, with the time of storing', async () => {
      const store = open();
      const keys = Array.from({ length: 1_005 }, (_, i) => `d/${String(i).padStart(4, '0')}`);
      await Promise.all([...keys, 'e/other'].map((key) => store.put(key, bytes('x'))));
      const first = await store.list('d/');
      const second = await store.list('d/', first.cursor);
      expect(first.objects).toHaveLength(1_000);
      expect([...first.objects, ...second.objects].map(({ key }) => key)).toEqual(keys);
      expect(second.cursor).toBeUndefined();
      expect(first.objects.every(({ storedAt }) => storedAt > 0)).toBe(true);
    });

    test('deletes more keys than one call to R2 takes', async () => {
      const store = open();
      const keys = Array.from({ length: 1_001 }, (_, i) => `f/${i}`);
      await Promise.all(keys.map((key) => store.put(key, bytes('x'))));
      await store.delete(keys);
      expect((await store.list('f/')).objects).toEqual([]);
    });
  });
}
