import type { Bundle } from '../../../src/format/bundle.ts';
import { parseManifest } from '../../../src/format/manifest.ts';
import { mutateText } from '../mutate-text.ts';
import { checkText } from '../promises.ts';
import { BUILT, textsOf } from '../seeds.ts';
import type { Target } from '../target.ts';

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '"a":',
  '{"a":',
  '[[',
  '"__proto__":{},',
  '"name":"b",',
  '"name":null,',
  '"version":"1.0.0",',
  '1e999',
  '-0',
  '1'.repeat(400),
  '\\u0000',
  '\\ud800',
  '\\u202e',
  '"\\u006eame":"c",',
  'true',
  'null',
  '//',
  '"x":[0,0,0],',
] as const;

/** `manifest.json` as text. */
export function manifestTarget(bundles: readonly Bundle[]): Target {
  const [first = '', ...rest] = textsOf('manifest.json', [...BUILT, ...bundles]);
  const seeds = [first, ...rest] as const;
  return {
    name: 'manifest',
    generate: (random) => new TextEncoder().encode(mutateText(random.pick(seeds), random, TOKENS, random.pick(seeds))),
    read: (bytes) => checkText(parseManifest(new TextDecoder().decode(bytes))),
  };
}
