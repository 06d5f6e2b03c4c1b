import type { Bundle } from '../../src/format/bundle.ts';
import type { Target } from './target.ts';
import { archiveTarget } from './targets/archive.ts';
import { frontmatterTarget } from './targets/frontmatter.ts';
import { manifestTarget } from './targets/manifest.ts';
import { skillYamlTarget } from './targets/skill-yaml.ts';

/** The targets by name; each takes further bundles to begin from. */
const TARGETS: Record<string, (bundles: readonly Bundle[]) => Target | Promise<Target>> = {
  archive: archiveTarget,
  frontmatter: frontmatterTarget,
  manifest: manifestTarget,
  'skill-yaml': skillYamlTarget,
};

export const TARGET_NAMES = Object.keys(TARGETS);

/** @throws Error when there is no target of this name */
export async function openTarget(name: string, bundles: readonly Bundle[]): Promise<Target> {
  const open = TARGETS[name];
  if (open === undefined) throw new Error(`no target '${name}'; there are ${TARGET_NAMES.join(', ')}`);
  return open(bundles);
}
