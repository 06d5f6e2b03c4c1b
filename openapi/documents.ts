import type { Deps } from '../src/core/deps.ts';
import { clawhubDocument } from '../src/http/clawhub/docs.ts';
import { clawhub } from '../src/http/clawhub/index.ts';
import { hubDocument } from '../src/http/hub/document.ts';
import { hub } from '../src/http/hub/index.ts';
import { spmDocument } from '../src/http/spm/document.ts';
import { spm } from '../src/http/spm/index.ts';
import { v1Document } from '../src/http/v1/docs/document.ts';
import { v1 } from '../src/http/v1/index.ts';
import { wellKnownDocument } from '../src/http/well-known/document.ts';
import { wellKnown } from '../src/http/well-known/index.ts';

/** The documents under `openapi/` by file name, as the code describes them now. */
export function documents(): Record<string, unknown> {
  // Describing the routes calls none of them, so nothing of the dependencies is touched.
  const untouched = new Proxy({} as Deps, {});
  return {
    'v1.json': v1Document(v1(untouched)),
    'clawhub.json': clawhubDocument(clawhub(untouched)),
    'hub.json': hubDocument(hub(untouched, 'open')),
    'spm.json': spmDocument(spm(untouched, 0)),
    'well-known.json': wellKnownDocument(wellKnown(untouched)),
  };
}
