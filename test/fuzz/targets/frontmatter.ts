import type { Bundle } from '../../../src/format/bundle.ts';
import { readMetadata } from '../../../src/format/skill-metadata.ts';
import { mutateText } from '../mutate-text.ts';
import { checkText } from '../promises.ts';
import { BUILT, textsOf } from '../seeds.ts';
import type { Target } from '../target.ts';
import { YAML_TOKENS } from '../yaml-tokens.ts';

const TOKENS = [...YAML_TOKENS, '---\n', '\n---\n', 'name: a\n', 'description: b\n', 'metadata:\n  a: b\n'] as const;

/** `SKILL.md` as the metadata of a bundle reads it, from its bytes on. */
export function frontmatterTarget(bundles: readonly Bundle[]): Target {
  const [first = '', ...rest] = textsOf('SKILL.md', [...BUILT, ...bundles]);
  const seeds = [first, ...rest] as const;
  return {
    name: 'frontmatter',
    generate: (random) =>
      new TextEncoder().encode(mutateText(random.pick(seeds), random, [...TOKENS], random.pick(seeds))),
    read: (bytes) => {
      const { metadata, findings } = readMetadata({ files: [{ path: 'SKILL.md', bytes, executable: false }] });
      checkText(metadata);
      checkText(findings);
    },
  };
}
