import type { BundleStore } from '../core/deps.ts';

/** R2 deletes at most this many keys a call. */
const DELETE_BATCH = 1_000;

/** Bundles in an R2 bucket. */
export function r2Bundles(bucket: R2Bucket): BundleStore {
  return {
    async put(key, bytes) {
      await bucket.put(key, bytes);
    },
    async open(key) {
      const object = await bucket.get(key);
      return object ? { body: object.body, size: object.size } : undefined;
    },
    async has(key) {
      return (await bucket.head(key)) !== null;
    },
    async delete(keys) {
      for (let at = 0; at < keys.length; at += DELETE_BATCH) await bucket.delete(keys.slice(at, at + DELETE_BATCH));
    },
    async list(prefix, cursor) {
      const page = await bucket.list({ prefix, cursor });
      const objects = page.objects.map(({ key, uploaded }) => ({ key, storedAt: uploaded.getTime() }));
      return page.truncated ? { objects, cursor: page.cursor } : { objects };
    },
  };
}
