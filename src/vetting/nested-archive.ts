import type { BundleFile } from '../format/bundle.ts';
import type { Finding } from '../format/finding.ts';

/** First bytes of archives, or bytes at `at`; latin-1. */
const SIGNATURES: { kind: string; bytes: string; at?: number }[] = [
  { kind: 'zip', bytes: 'PK\x03\x04' },
  { kind: 'zip', bytes: 'PK\x05\x06' },
  { kind: 'gzip', bytes: '\x1f\x8b\x08' },
  { kind: 'bzip2', bytes: 'BZh' },
  { kind: 'xz', bytes: '\xfd7zXZ\0' },
  { kind: 'zstd', bytes: '\x28\xb5\x2f\xfd' },
  { kind: '7z', bytes: '7z\xbc\xaf\x27\x1c' },
  { kind: 'rar', bytes: 'Rar!\x1a\x07' },
  { kind: 'cab', bytes: 'MSCF\0\0\0\0' },
  { kind: 'tar', bytes: 'ustar', at: 257 },
];
const ARCHIVE_NAME = /\.(zip|skill|tar|tgz|tbz2?|txz|tar\.[a-z0-9]+|gz|bz2|xz|zst|7z|rar|cab|jar|whl|apk)$/i;
/** Zips by their format, but documents to whoever opens them: templates of these are common in skills. */
const DOCUMENT_NAME = /\.(docx|dotx|xlsx|xltx|pptx|potx|ppsx|odt|ott|ods|ots|odp|otp|odg|epub|vsdx|sketch|3mf|usdz)$/i;

const ZIP_HEADERS = [
  { signature: 'PK\x03\x04', flags: 6 },
  { signature: 'PK\x01\x02', flags: 8 },
];
const ZIP_ENCRYPTED = 0x0001 | 0x0040 | 0x2000;
/** The id of 7-Zip's AES method. It can be read when the header is encrypted too, or too short to be compressed. */
const SEVEN_ZIP_AES = '\x06\xf1\x07\x01';
const SEVEN_ZIP_START = 32;
const RAR5 = 'Rar!\x1a\x07\x01\0';

/**
 * Finds archives inside a bundle, by content first and by name second. No rule looks into them, so each is a warning;
 * one that needs a password can be looked into by nobody and blocks: every zip, and a 7z or RAR that says so in the
 * clear. Office documents are zips, but no finding unless they are encrypted.
 */
export function findNestedArchives(files: readonly BundleFile[]): Finding[] {
  return files.flatMap((file) => {
    const { path, bytes } = file;
    const kind = SIGNATURES.find((signature) => holdsAt(bytes, signature.bytes, signature.at ?? 0))?.kind;
    if (kind !== undefined && isEncrypted(bytes, kind)) return [encrypted(path, kind)];
    if (kind === 'zip' && DOCUMENT_NAME.test(path)) return [];
    return kind !== undefined || ARCHIVE_NAME.test(path) ? [nested(path, kind)] : [];
  });
}

function isEncrypted(bytes: Uint8Array, kind: string): boolean {
  if (kind === 'zip') return ZIP_HEADERS.some(({ signature, flags }) => hasZipFlag(bytes, signature, flags));
  if (kind === '7z') return indexOfText(bytes, SEVEN_ZIP_AES, sevenZipHeader(bytes)) !== -1;
  return kind === 'rar' && isEncryptedRar(bytes);
}

function hasZipFlag(bytes: Uint8Array, signature: string, flags: number): boolean {
  for (let at = indexOfText(bytes, signature, 0); at !== -1; at = indexOfText(bytes, signature, at + 4)) {
    const value = (bytes[at + flags] ?? 0) | ((bytes[at + flags + 1] ?? 0) << 8);
    if (value & ZIP_ENCRYPTED) return true;
  }
  return false;
}

/** Where the header at the end of a 7z archive begins; its start header gives the distance in 8 bytes. */
function sevenZipHeader(bytes: Uint8Array): number {
  if (bytes.length < SEVEN_ZIP_START) return bytes.length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Math.min(bytes.length, SEVEN_ZIP_START + Number(view.getBigUint64(12, true)));
}

/** RAR 5 begins with an encryption header (type 4) when names are hidden; RAR 4 has flags in its first two headers. */
function isEncryptedRar(bytes: Uint8Array): boolean {
  if (!holdsAt(bytes, RAR5, 0)) return ((bytes[10] ?? 0) & 0x80) !== 0 || ((bytes[23] ?? 0) & 0x04) !== 0;
  // The checksum of 4 bytes, the size of the header as a number of one byte or more, and its type.
  let at = RAR5.length + 4;
  while ((bytes[at] ?? 0) & 0x80) at++;
  return bytes[at + 1] === 4;
}

function holdsAt(bytes: Uint8Array, text: string, at: number): boolean {
  for (let index = 0; index < text.length; index++) {
    if (bytes[at + index] !== text.charCodeAt(index)) return false;
  }
  return true;
}

function indexOfText(bytes: Uint8Array, text: string, from: number): number {
  const first = text.charCodeAt(0);
  for (let at = bytes.indexOf(first, from); at !== -1; at = bytes.indexOf(first, at + 1)) {
    if (holdsAt(bytes, text, at)) return at;
  }
  return -1;
}

function nested(file: string, kind: string | undefined): Finding {
  return {
    rule: 'nested-archive',
    severity: 'warning',
    stage: 'structure',
    message: `${file} is ${kind === undefined ? 'an archive by its name' : `a ${kind} archive`}; what is in it is not vetted`,
    fix: 'Put its files into the skill itself.',
    file,
  };
}

function encrypted(file: string, kind: string): Finding {
  return {
    rule: 'nested-archive-encrypted',
    severity: 'error',
    stage: 'structure',
    message: `${file} is a ${kind} archive that needs a password, so nobody can vet what is in it`,
    fix: 'Remove it, or put its files into the skill itself.',
    file,
  };
}
