import { type Bundle, findFile } from '../../src/format/bundle.ts';

/** What `--files` and `--readme` show. */
export interface Contents {
  files: { path: string; size: number }[];
  skill_md: string;
  /** True when it is the beginning only. */
  truncated: boolean;
}

/** The same as a registry's preview, with all of SKILL.md. */
export function contentsOf(bundle: Bundle): Contents {
  const skillMd = findFile(bundle, 'SKILL.md');
  return {
    files: bundle.files.map(({ path, bytes }) => ({ path, size: bytes.length })),
    skill_md: skillMd ? new TextDecoder().decode(skillMd.bytes) : '',
    truncated: false,
  };
}
