import type { BundleStore } from '../../src/core/deps.ts';

/** A bundle store in memory, held to the same conformance suite as the real one. */
export function memoryBundles(
  now: () => number,
): BundleStore & { objects: Map<string, { bytes: Uint8Array; storedAt: number }> } {
  const objects = new Map<string, { bytes: Uint8Array; storedAt: number }>();
  const PAGE = 1_000;
  return {
    objects,
    async put(key, bytes) {
      objects.set(key, { bytes: bytes.slice(), storedAt: now() });
    },
    async open(key) {
      const object = objects.get(key);
      if (!object) return undefined;
      const body = new Response(object.bytes.slice()).body;
      return body ? { body, size: object.bytes.length } : undefined;
    },
    async has(key) {
      return objects.has(key);
    },
    async delete(keys) {
      for (const key of keys) objects.delete(key);
    },
    async list(prefix, cursor) {
      const keys = [...objects.keys()]
        .filter((key) => key.startsWith(prefix) && (cursor === undefined || key > cursor))
        .sort();
      const page = keys.slice(0, PAGE).map((key) => ({ key, storedAt: objects.get(key)?.storedAt ?? 0 }));
      return keys.length > PAGE ? { objects: page, cursor: page.at(-1)?.key } : { objects: page };
    },
  };
}
