import { type Bundle, comparePaths } from './bundle.ts';
import { decodeUtf8 } from './text.ts';
import { type DiffBudget, diffBudget, diffText, type Hunk } from './text-diff.ts';

/** The largest file that is compared line by line, and how much text of one comparison is, both sides counted. */
export const MOST_FILE_BYTES = 512 * 1024;
export const MOST_TEXT_BYTES = 2 * 1024 * 1024;
const FIRST = 'SKILL.md';

export interface FileDiff {
  path: string;
  status: 'added' | 'removed' | 'modified';
  /** Without hunks: no UTF-8 text, or more of it than is compared. */
  binary: boolean;
  hunks: Hunk[];
  /** Where that changed: whether the file may be run now. */
  executable?: boolean;
}

/** What comparing the files of one answer has cost; made once, used up by each `diffFile`. */
export interface DiffCost {
  text: number;
  edits: DiffBudget;
}

export function diffCost(): DiffCost {
  return { text: 0, edits: diffBudget() };
}

/** One file before and after; undefined where it is not there. Nothing for files that turn out to be the same. */
export function diffFile(
  path: string,
  before: Uint8Array | undefined,
  after: Uint8Array | undefined,
  cost: DiffCost,
): FileDiff[] {
  if (before && after && equal(before, after)) return [];
  const status = before === undefined ? 'added' : after === undefined ? 'removed' : 'modified';
  const sizes = [before?.length ?? 0, after?.length ?? 0];
  const size = sizes.reduce((total, bytes) => total + bytes, 0);
  const tooLarge = Math.max(...sizes) > MOST_FILE_BYTES || cost.text + size > MOST_TEXT_BYTES;
  const old = tooLarge ? undefined : textOf(before);
  const young = tooLarge ? undefined : textOf(after);
  if (old === undefined || young === undefined) return [{ path, status, binary: true, hunks: [] }];
  cost.text += size;
  return [{ path, status, binary: false, hunks: diffText(old, young, cost.edits) }];
}

/** Everything that differs between two bundles, `SKILL.md` first, then by path. */
export function diffBundles(before: Bundle, after: Bundle): FileDiff[] {
  const old = new Map(before.files.map((file) => [file.path, file]));
  const young = new Map(after.files.map((file) => [file.path, file]));
  const cost = diffCost();
  return sortForReading([...new Set([...old.keys(), ...young.keys()])]).flatMap((path) => {
    const [was, is] = [old.get(path), young.get(path)];
    const found = diffFile(path, was?.bytes, is?.bytes, cost);
    if (!was || !is || was.executable === is.executable) return found;
    const [diff = { path, status: 'modified' as const, binary: false, hunks: [] }] = found;
    return [{ ...diff, executable: is.executable }];
  });
}

/** `SKILL.md` first, then by path. */
export function sortForReading(paths: readonly string[]): string[] {
  return [...paths].sort((a, b) => Number(b === FIRST) - Number(a === FIRST) || comparePaths(a, b));
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/** A missing file is empty text. */
function textOf(bytes: Uint8Array = new Uint8Array()): string | undefined {
  return bytes.includes(0) ? undefined : decodeUtf8(bytes);
}
