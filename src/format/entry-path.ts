const MAX_PATH_BYTES = 255;
const MAX_SEGMENT_BYTES = 100;
const USTAR_NAME_BYTES = 100;
const USTAR_PREFIX_BYTES = 155;
const RESERVED_ON_WINDOWS = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])$/i;
const FORBIDDEN_ON_WINDOWS = /[<>:"|?*]/;
// Control characters, line separators, marks that change the reading direction, and zero-width spaces. The joiners and
// variation selectors that emoji need stay.
const INVISIBLE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u;
/** HFS+ takes no notice of these when it compares names. */
const IGNORED_BY_HFS = /\p{Default_Ignorable_Code_Point}/gu;

const encoder = new TextEncoder();

/**
 * Says what is wrong with the path of a bundle file, or returns undefined.
 *
 * A good path can be written on Linux, macOS and Windows, stays inside the folder it is unpacked into, and fits a
 * ustar header: at most 255 bytes of UTF-8, and at most 100 a segment.
 */
export function checkEntryPath(path: string): string | undefined {
  if (path === '') return 'has an empty name';
  if (!path.isWellFormed()) return 'has a name that is not valid Unicode';
  if (INVISIBLE.test(path)) return 'has a control character in its name';
  if (path.includes('\\')) return 'has a backslash in its name';
  if (path.startsWith('/')) return 'has an absolute path';
  if (/^[a-z]:/i.test(path)) return 'has a drive letter in its path';
  if (encoder.encode(path).length > MAX_PATH_BYTES) return `has a path of more than ${MAX_PATH_BYTES} bytes`;
  for (const segment of path.split('/')) {
    const problem = checkSegment(segment);
    if (problem !== undefined) return problem;
  }
  if (splitUstarPath(path) === undefined) return 'has a path that no tar header can hold';
  return undefined;
}

function checkSegment(segment: string): string | undefined {
  if (segment === '') return 'has an empty folder name in its path';
  if (segment === '.' || segment === '..') return `has a '${segment}' segment in its path`;
  if (encoder.encode(segment).length > MAX_SEGMENT_BYTES) return `has a name of more than ${MAX_SEGMENT_BYTES} bytes`;
  if (FORBIDDEN_ON_WINDOWS.test(segment)) return 'has one of the characters <>:"|?* in its name';
  if (/[. ]$/.test(segment)) return 'has a name that ends in a dot or a space';
  const base = segment.split('.', 1)[0]?.trimEnd() ?? '';
  if (RESERVED_ON_WINDOWS.test(base)) return `has the name '${base}', which Windows reserves`;
  return undefined;
}

/** Splits a path at a `/` into ustar's two fields (name 100 bytes, prefix 155 bytes), or returns undefined. */
export function splitUstarPath(path: string): { prefix: Uint8Array; name: Uint8Array } | undefined {
  const bytes = encoder.encode(path);
  if (bytes.length <= USTAR_NAME_BYTES) return { prefix: new Uint8Array(0), name: bytes };
  const slash = bytes.indexOf(0x2f, bytes.length - USTAR_NAME_BYTES - 1);
  if (slash < 1 || slash > USTAR_PREFIX_BYTES || slash === bytes.length - 1) return undefined;
  return { prefix: bytes.subarray(0, slash), name: bytes.subarray(slash + 1) };
}

/**
 * Makes two paths equal when some common file system would put them in the same place:
 * letter case is folded, Unicode is composed, and invisible characters are left out.
 */
export function foldPath(path: string): string {
  return path.replace(IGNORED_BY_HFS, '').normalize('NFC').toUpperCase().toLowerCase().normalize('NFC');
}
