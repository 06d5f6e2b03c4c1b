import * as z from 'zod';
import type { FoundVersion } from '../../../core/catalog/get-version.ts';
import { skillTag } from '../../../core/catalog/keys.ts';
import type { Cacheability } from '../../kit/caching.ts';

export const skillParams = z.object({ namespace: z.string(), name: z.string() });

export const versionParams = skillParams.extend({
  version: z.string().max(128).meta({ description: 'A version, `latest` or another tag, or a range such as `^1.2`.' }),
});

export const tagParams = skillParams.extend({ tag: z.string().max(128) });

/** How an answer about a version may be cached; give the digest of its bytes as `etag` where it has one. */
export function versionCaching({ skill, pinned }: FoundVersion, etag?: string): Cacheability {
  return { public: skill.visibility === 'public', pinned, tags: [skillTag(skill.namespace, skill.name)], etag };
}
