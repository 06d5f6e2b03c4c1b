import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { bundleOf } from '../../src/format/accept-files.ts';
import { readArchive, writeTarGz, writeZip } from '../../src/format/archive.ts';
import type { BundleFile } from '../../src/format/bundle.ts';
import { treeDigest } from '../../src/format/digest.ts';
import { FormatError } from '../../src/format/format-error.ts';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';
import { readMetadata } from '../../src/format/skill-metadata.ts';
import { readTar } from '../../src/format/tar-read.ts';
import { vetContent } from '../../src/vetting/rules.ts';

const CORPUS = join(import.meta.dirname, '../../../shared/corpus/skills.tar.gz');

/** Skills by `namespace/name`, from a tar of `skills/<namespace>/<name>/<file>`. */
function readCorpus(): Map<string, BundleFile[]> {
  const tar = gunzipSync(readFileSync(CORPUS));
  const skills = new Map<string, BundleFile[]>();
  for (const entry of readTar(tar, { ...DEFAULT_LIMITS, maxFiles: 1_000_000 })) {
    const match = /^(?:\.\/)?skills\/([^/]+\/[^/]+)\/(.+)$/.exec(entry.path);
    if (entry.kind === 'folder' || match?.[1] === undefined || match[2] === undefined) continue;
    skills.set(match[1], [
      ...(skills.get(match[1]) ?? []),
      { path: match[2], bytes: entry.bytes, executable: entry.executable },
    ]);
  }
  return skills;
}

test.skipIf(!existsSync(CORPUS))(
  'thousands of real skills are read, packed, unpacked and vetted',
  { timeout: 240_000 },
  async () => {
    const skills = readCorpus();
    let invalid = 0;
    let withSecrets = 0;
    for (const [id, files] of skills) {
      const bundle = bundleOf(files);
      try {
        expect(id.endsWith(`/${readMetadata(bundle).metadata.name}`)).toBe(true);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
        expect(error).toMatchObject({ code: 'invalid_skill_md', file: 'SKILL.md', line: expect.any(Number) });
        invalid++;
      }
      if (vetContent(bundle).some((finding) => finding.rule.startsWith('secret-'))) withSecrets++;
      const digest = await treeDigest(bundle);
      expect(await treeDigest(await readArchive(await writeTarGz(bundle)))).toBe(digest);
      expect(await treeDigest(await readArchive(await writeZip(bundle)))).toBe(digest);
    }
    expect(skills.size).toBeGreaterThan(3000);
    expect(invalid / skills.size).toBeLessThan(0.02);
    expect(withSecrets / skills.size).toBeLessThan(0.003);
  },
);
