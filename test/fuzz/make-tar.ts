import { tarChecksum } from '../../src/format/tar-header.ts';
import { END_OF_TAR, paxRecord, type TarEntry, tarEntry } from '../support/archives.ts';
import { join, mutateBytes } from './mutate-bytes.ts';
import { entryData, entryName } from './names.ts';
import type { Random } from './random.ts';

const BLOCK = 512;
const CHECKSUM = 148;
const TYPES = ['0', '0', '0', '0', '\0', '5', '7', '1', '2', '3', '6', 'S', 'L', 'K', 'x', 'g', 'Z'] as const;
const MAGICS = ['ustar\x0000', 'ustar  \0', '', 'ustar\x0011'] as const;
const PAX_KEYS = [
  'path',
  'size',
  'linkpath',
  'mtime',
  'comment',
  'hdrcharset',
  'GNU.sparse.size',
  'SCHILY.xattr.a',
] as const;
const SIZES = [
  '00000000000',
  '77777777777',
  '\x80\0\0\0\0\0\0\0\0\0\x02\0',
  '\xff'.repeat(12),
  '  12',
  '-1',
  '',
] as const;

/** A tar out of the builders whose every field may lie. Most entries are honest, so that readers get far. */
export function makeTar(random: Random): Uint8Array {
  const entries = Array.from({ length: 1 + random.below(6) }, () => makeEntries(random)).flat();
  return join(...entries.map(tarEntry), END_OF_TAR.subarray(0, random.chance(0.9) ? 1024 : random.below(1024)));
}

function makeEntries(random: Random): TarEntry[] {
  const name = entryName(random);
  const entry: TarEntry = {
    name,
    data: entryData(random),
    magic: random.chance(0.8) ? 'ustar\x0000' : random.pick(MAGICS),
  };
  const lie = random.below(12);
  if (lie === 0) return [{ ...entry, type: random.pick(TYPES) }];
  if (lie === 1) return [{ ...entry, size: random.chance(0.5) ? random.below(5000) : random.pick(SIZES) }];
  if (lie === 2) return [{ ...entry, prefix: entryName(random).slice(0, 150) }];
  if (lie === 3) return [{ name: '@', type: 'L', data: `${entryName(random)}\0`, magic: entry.magic ?? '' }, entry];
  if (lie === 4) return [{ name: '@', type: random.pick(['x', 'x', 'g']), data: makePax(random) }, entry];
  if (lie === 5) return [{ ...entry, type: '5', data: '' }];
  if (lie === 6) return [{ ...entry, mode: random.below(0o10000), linkName: entryName(random).slice(0, 90) }];
  return [entry];
}

function makePax(random: Random): string {
  const records = Array.from({ length: 1 + random.below(3) }, () => {
    const key = random.pick(PAX_KEYS);
    return paxRecord(key, key === 'size' ? String(random.below(2000)) : entryName(random));
  });
  return records.join('');
}

/** Changes bytes of a tar, also whole blocks, and most times makes the checksums of its headers right again. */
export function mutateTar(tar: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  const mutated = random.chance(0.7) ? mutateBytes(tar, random, other) : moveBlocks(tar, random, other);
  return random.chance(0.85) ? mendChecksums(mutated) : mutated;
}

function moveBlocks(tar: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  const block = (bytes: Uint8Array) => BLOCK * random.below(1 + bytes.length / BLOCK);
  const [start, from] = [block(tar), block(other)];
  const piece = other.subarray(from, from + BLOCK * (1 + random.below(3)));
  return join(tar.subarray(0, start), piece, tar.subarray(random.chance(0.5) ? start : start + piece.length));
}

/** Follows the sizes from header to header as far as they can be read. */
function mendChecksums(tar: Uint8Array): Uint8Array {
  const mended = Uint8Array.from(tar);
  for (let offset = 0; offset + BLOCK <= mended.length; ) {
    const block = mended.subarray(offset, offset + BLOCK);
    if (block.every((byte) => byte === 0)) break;
    block.set(new TextEncoder().encode(`${tarChecksum(block).toString(8).padStart(6, '0')}\0 `), CHECKSUM);
    const size = Number.parseInt(String.fromCharCode(...block.subarray(124, 136)), 8);
    offset += BLOCK + (size > 0 ? Math.ceil(size / BLOCK) * BLOCK : 0);
  }
  return mended;
}
