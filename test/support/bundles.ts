import { writeTarGz, writeZip } from '../../src/format/archive.ts';
import type { Bundle } from '../../src/format/bundle.ts';

const encoder = new TextEncoder();

export interface SkillOptions {
  name?: string;
  version?: string | null;
  description?: string;
  body?: string;
  /** Further lines of frontmatter. */
  frontmatter?: string;
  /** Further files, by path. */
  files?: Record<string, string>;
}

/** A valid skill, but for what a test wants otherwise. */
export function skill(options: SkillOptions = {}): Bundle {
  const {
    name = 'pdf-tools',
    version = '1.0.0',
    description = 'Reads, fills and merges PDF files for an agent.',
  } = options;
  const metadata = version === null ? '' : `metadata:\n  version: "${version}"\n`;
  const skillMd = `---\nname: ${name}\ndescription: ${description}\n${metadata}${options.frontmatter ?? ''}---\n${options.body ?? '# How to\n\nDo it well.\n'}`;
  const files = { 'SKILL.md': skillMd, ...options.files };
  return {
    files: Object.entries(files)
      .map(([path, text]) => ({ path, bytes: encoder.encode(text), executable: path.endsWith('.sh') }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

export const tarGz = (options?: SkillOptions) => writeTarGz(skill(options));
export const zip = (options?: SkillOptions) => writeZip(skill(options));

/** The file that says what a skill is found by; keywords and frameworks with commas between. */
export const facets = (author: string, keywords: string, frameworks: string) => ({
  'skill.yaml': `author: {name: ${author}}\nkeywords: [${keywords}]\nframeworks: [${frameworks}]\n`,
});
