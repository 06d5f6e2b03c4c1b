import type { Deps } from '../src/core/deps.ts';
import { v1Document } from '../src/http/v1/docs/document.ts';
import { v1 } from '../src/http/v1/index.ts';

/** The documents under `openapi/` by file name, as the code describes them now. */
export function documents(): Record<string, unknown> {
  // Describing the routes calls none of them, so nothing of the dependencies is touched.
  const untouched = new Proxy({} as Deps, {});
  return { 'v1.json': v1Document(v1(untouched)) };
}
