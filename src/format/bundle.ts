/** One regular file of a bundle. `path` is relative, uses `/`, and follows the rules of `checkEntryPath`. */
export interface BundleFile {
  path: string;
  bytes: Uint8Array;
  /** The only part of the Unix mode that a bundle keeps: 0755 when true, else 0644. */
  executable: boolean;
}

/** An unpacked skill: files sorted by path in code-unit order, unique, with `SKILL.md` at the root. */
export interface Bundle {
  files: BundleFile[];
}

/** Orders paths by UTF-16 code units, the order that archives, digests and listings share on every platform. */
export function comparePaths(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** The file with exactly this path, or undefined. */
export function findFile(bundle: Bundle, path: string): BundleFile | undefined {
  return bundle.files.find((file) => file.path === path);
}
