import type { Bundle } from '../../../src/format/bundle.ts';
import type { Example } from '../../../src/vetting/heuristics/rule.ts';
import { type Sample, skillOf } from '../samples/sample.ts';

/** Text or raw bytes by path. */
export type Files = Record<string, string | Uint8Array>;

/** A bundle of these files. */
export function bundleFrom(files: Files): Bundle {
  return {
    files: Object.entries(files)
      .map(([path, content]) => ({
        path,
        bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
        executable: false,
      }))
      .sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
}

export function skillMd(body: string, description = 'Formats dates and numbers the way people write them.'): string {
  return `---\nname: sample\ndescription: ${description}\n---\n\n# Sample\n\n${body}\n`;
}

/** Text with NUL or a character from 128 to 255 stands for the bytes of a file that is not text. */
export function contentOf(text: string): string | Uint8Array {
  return /[\0\u0080-\u00ff]/.test(text) ? Uint8Array.from(text, (char) => char.charCodeAt(0)) : text;
}

/** The bundle that an example of a rule stands for. */
export function exampleBundle(example: Example): Bundle {
  if (typeof example === 'string') return bundleFrom({ 'SKILL.md': skillMd(example) });
  return bundleFrom({ 'SKILL.md': skillMd('Text.'), [example.file]: contentOf(example.text) });
}

/** The bundle of a sample, the `index`-th of its family. */
export function sampleBundle(sample: Sample, index: number): Bundle {
  const files = Object.entries(sample.files ?? {}).map(([path, text]) => [path, contentOf(text)] as const);
  return bundleFrom({ 'SKILL.md': skillOf(sample, index), ...Object.fromEntries(files) });
}
