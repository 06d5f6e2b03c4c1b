import type { Bundle } from '../../format/bundle.ts';
import { sha256Hex } from '../../format/digest.ts';

/** How much of SKILL.md a preview shows, in bytes. */
export const PREVIEW_BYTES = 16 * 1024;

export interface Preview {
  /** Previews that were stored early lack the digests. */
  files: { path: string; size: number; sha256?: string }[];
  skillMd: string;
  truncated: boolean;
}

/** What a person looks at before installing: the list of files and the beginning of SKILL.md, cut between characters. */
export async function previewOf(bundle: Bundle): Promise<Preview> {
  const files = await Promise.all(
    bundle.files.map(async ({ path, bytes }) => ({ path, size: bytes.length, sha256: await sha256Hex(bytes) })),
  );
  const bytes = bundle.files.find((file) => file.path === 'SKILL.md')?.bytes ?? new Uint8Array();
  const truncated = bytes.length > PREVIEW_BYTES;
  // `stream: true` holds back a character that the cut went through instead of showing U+FFFD for it.
  const skillMd = new TextDecoder().decode(bytes.subarray(0, PREVIEW_BYTES), { stream: truncated });
  return { files, skillMd, truncated };
}
