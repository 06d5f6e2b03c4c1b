import { type Bundle, comparePaths } from './bundle.ts';

const encoder = new TextEncoder();

/** SHA-256 as 64 lower-case hex digits. */
export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

/** Lower-case hex, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += byte.toString(16).padStart(2, '0');
  return hex;
}

/**
 * SHA-256 (hex) of a bundle's content, the same for every archive that unpacks to the same files.
 *
 * The hashed text is UTF-8 and has one line a file, in code-unit order of the paths, each ended by `\n`:
 * `<sha256 of the bytes, hex> <100755 or 100644> <path>`. Paths hold no control characters, so lines are unambiguous.
 */
export async function treeDigest(bundle: Bundle): Promise<string> {
  const files = [...bundle.files].sort((a, b) => comparePaths(a.path, b.path));
  const lines = await Promise.all(
    files.map(async (file) => `${await sha256Hex(file.bytes)} ${file.executable ? '100755' : '100644'} ${file.path}\n`),
  );
  return sha256Hex(encoder.encode(lines.join('')));
}
