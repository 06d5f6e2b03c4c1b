import type { Bundle, BundleFile } from './bundle.ts';
import { sha256Hex } from './digest.ts';
import { decodeUtf8 } from './text.ts';

export interface Fingerprints {
  /** Over every file that ClawHub's clients look at. */
  full: string;
  /** Over those that its older clients take for text; they differ in what that is, so there may be two. */
  text: string[];
}

/**
 * What ClawHub's clients compute over an installed skill to find out which version it is: SHA-256 (hex) over one line
 * `path:sha256` a file, joined by `\n`, in the order of `localeCompare` (ICU, not code units).
 *
 * Clients pass over `node_modules` and everything that begins with a dot, so those files do not count. A client that
 * finds a `.gitignore` in the skill also passes over what that names; such a skill matches by no fingerprint.
 */
export async function fingerprintsOf(bundle: Bundle): Promise<Fingerprints> {
  const seen = bundle.files.filter(({ path }) => !path.split('/').some(isSkipped));
  const files = await Promise.all(seen.map(async (file) => ({ ...file, sha256: await sha256Hex(file.bytes) })));
  const [full, ...text] = await Promise.all([
    fingerprint(files),
    fingerprint(files.filter(isTextByName)),
    fingerprint(files.filter(isTextByContent)),
  ]);
  return { full, text: [...new Set(text)] };
}

/**
 * The fingerprint of a list of files, in whatever order they are given.
 *
 * @param files SHA-256 of each file in lower-case hex, paths with `/`
 */
export async function fingerprint(files: readonly { path: string; sha256: string }[]): Promise<string> {
  const sorted = [...files].sort((a, b) => a.path.localeCompare(b.path, 'en'));
  const lines = sorted.map(({ path, sha256 }) => `${path}:${sha256}`);
  return sha256Hex(new TextEncoder().encode(lines.join('\n')));
}

const isSkipped = (segment: string) => segment.startsWith('.') || segment === 'node_modules';

const words = (text: string) => text.trim().split(/\s+/);

/** What clients up to 0.8 take for text, and what 0.20 added to it. */
const TEXT = words(`
  md mdx txt json json5 yaml yml toml js cjs mjs ts tsx jsx py sh rb go rs swift kt java cs cpp c h hpp sql csv ini cfg
  env xml html css scss sass svg`);
const FIRST_TEXT = new Set(TEXT);
const LATER_TEXT = new Set([...TEXT, ...words('ps1 psm1 psd1 r tsv conf properties dat')]);

/** Up to 0.8: whatever follows the last dot of the path, even where there is none. */
function isTextByName({ path }: BundleFile): boolean {
  return FIRST_TEXT.has(path.split('.').at(-1)?.toLowerCase() ?? '');
}

/** How much of a file without an extension 0.20 looks at, in bytes. */
const SAMPLE_BYTES = 4096;

/** 0.20: by extension, and a file without one by its first bytes. */
function isTextByContent({ path, bytes }: BundleFile): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  if (dot > 0 && dot < name.length - 1) return LATER_TEXT.has(name.slice(dot + 1).toLowerCase());
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  return !sample.includes(0) && decodeUtf8(sample) !== undefined;
}
