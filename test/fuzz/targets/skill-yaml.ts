import type { Bundle } from '../../../src/format/bundle.ts';
import { parseSkillYaml } from '../../../src/format/skill-yaml.ts';
import { mutateText } from '../mutate-text.ts';
import { checkText } from '../promises.ts';
import { BUILT, textsOf } from '../seeds.ts';
import type { Target } from '../target.ts';
import { YAML_TOKENS } from '../yaml-tokens.ts';

const TOKENS = [
  ...YAML_TOKENS,
  'frameworks:\n',
  'dependencies:\n',
  'keywords: ',
  'author:\n  name: a\n',
  '- name: a\n',
  'docx@^1.0.0',
  '>=1.0.0 ',
  '1.x || ',
  ' - ',
] as const;

/** `skill.yaml` as text. */
export function skillYamlTarget(bundles: readonly Bundle[]): Target {
  const [first = '', ...rest] = textsOf('skill.yaml', [...BUILT, ...bundles]);
  const seeds = [first, ...rest] as const;
  return {
    name: 'skill-yaml',
    generate: (random) =>
      new TextEncoder().encode(mutateText(random.pick(seeds), random, [...TOKENS], random.pick(seeds))),
    read: (bytes) => checkText(parseSkillYaml(new TextDecoder().decode(bytes))),
  };
}
