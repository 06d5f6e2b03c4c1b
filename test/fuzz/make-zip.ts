import { unicodePath, type ZipEntry, type ZipOptions, zip } from '../support/archives.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { entryData, entryName } from './names.ts';
import type { Random } from './random.ts';

const FLAGS = [1, 8, 0x20, 0x40, 0x800, 0x2000] as const;
const MODES = [0o100644, 0o100755, 0o40755, 0o120777, 0o20644] as const;
const METHODS = [0, 8, 9, 12, 99] as const;
const DESCRIPTORS = ['signed', 'plain', 'wide'] as const;
const SIGNATURES = [0x04034b50, 0x02014b50, 0x06054b50, 0x08074b50];
/** How many bytes of a header behind its signature are numbers. */
const NUMBER_BYTES = 46;
const VALUES = [0, 1, 0x7fff, 0xffff] as const;

/** A zip out of the builders whose every field may lie. Most entries are honest, so that readers get far. */
export function makeZip(random: Random): Uint8Array {
  const entries = Array.from({ length: 1 + random.below(6) }, () => makeEntry(random));
  return Uint8Array.from(zip(entries, makeOptions(random)));
}

function makeEntry(random: Random): ZipEntry {
  const entry: ZipEntry = {
    name: entryName(random),
    data: entryData(random),
    flags: 0x800,
    stored: random.chance(0.3),
  };
  const lie = random.below(16);
  if (lie === 0) return { ...entry, flags: random.pick(FLAGS) };
  if (lie === 1) return { ...entry, mode: random.pick(MODES) };
  if (lie === 2) return { ...entry, method: random.pick(METHODS) };
  if (lie === 3) return { ...entry, descriptor: random.pick(DESCRIPTORS) };
  if (lie === 4) return { ...entry, size: random.below(3000) };
  if (lie === 5) return { ...entry, packedSize: random.below(3000) };
  if (lie === 6) return { ...entry, localName: entryName(random) };
  if (lie === 7) return { ...entry, extra: mutateBytes(unicodePath(entryName(random)), random, new Uint8Array(8)) };
  if (lie === 8) return { ...entry, offset: random.below(500) };
  return entry;
}

function makeOptions(random: Random): ZipOptions {
  const lie = random.below(20);
  if (lie === 0) return { comment: entryData(random).subarray(0, 60_000) };
  if (lie === 1) return { prefix: entryData(random) };
  if (lie === 2) return { suffix: entryData(random) };
  if (lie === 3) return { count: random.below(70_000) % 0x10000 };
  return lie === 4 ? { directoryOffset: random.below(1000) } : {};
}

/** Changes bytes of a zip: anywhere, or a number in one of its headers. */
export function mutateZip(bytes: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  const [first, ...rest] = headersOf(bytes);
  if (first === undefined || random.chance(0.4)) return mutateBytes(bytes, random, other);
  const at = random.pick([first, ...rest]) + 4 + random.below(NUMBER_BYTES - 4);
  const copy = Buffer.from(bytes);
  if (at + 2 > copy.length) return copy;
  const near = copy.readUInt16LE(at) + random.below(9) - 4;
  copy.writeUInt16LE((random.chance(0.6) ? near : random.pick(VALUES)) & 0xffff, at);
  return Uint8Array.from(copy);
}

function headersOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headers: number[] = [];
  for (let at = bytes.indexOf(0x50); at !== -1 && at + 4 <= bytes.length; at = bytes.indexOf(0x50, at + 1)) {
    if (SIGNATURES.includes(view.getUint32(at, true))) headers.push(at);
  }
  return headers;
}
