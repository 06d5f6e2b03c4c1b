import { gunzipSync, gzipSync } from 'node:zlib';
import { readArchive, writeTarGz, writeZip } from '../../../src/format/archive.ts';
import type { Bundle } from '../../../src/format/bundle.ts';
import { treeDigest } from '../../../src/format/digest.ts';
import { makeTar, mutateTar } from '../make-tar.ts';
import { makeZip, mutateZip } from '../make-zip.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import type { Random } from '../random.ts';
import { BUILT } from '../seeds.ts';
import type { Target } from '../target.ts';

/** Small, so that a case which comes near them is quick too. */
const LIMITS = { maxFiles: 64, maxUnpackedBytes: 1024 * 1024, maxFileBytes: 512 * 1024, maxArchiveBytes: 1024 * 1024 };
type Seeds = readonly [Uint8Array, ...Uint8Array[]];

/** `.tar.gz` and `.zip`: the archives of known skills and archives that lie, both changed at random. */
export async function archiveTarget(bundles: readonly Bundle[]): Promise<Target> {
  const [first, ...rest] = [...BUILT, ...bundles];
  const tarOf = async (bundle: Bundle) => Uint8Array.from(gunzipSync(await writeTarGz(bundle)));
  const tars: Seeds = [await tarOf(first ?? BUILT[0]), ...(await Promise.all(rest.map(tarOf)))];
  const zips: Seeds = [await writeZip(first ?? BUILT[0]), ...(await Promise.all(rest.map(writeZip)))];
  return {
    name: 'archive',
    generate: (random) => (random.chance(0.5) ? generateTarGz(random, tars) : generateZip(random, zips)),
    read: readAndCheck,
  };
}

function generateTarGz(random: Random, seeds: Seeds): Uint8Array {
  const tar = random.chance(0.5) ? makeTar(random) : random.pick(seeds);
  const changed = random.chance(0.75) ? mutateTar(tar, random, random.pick(seeds)) : tar;
  const packed = Uint8Array.from(gzipSync(changed, { level: random.pick([0, 1, 6]) }));
  return random.chance(0.1) ? mutateBytes(packed, random, changed) : packed;
}

function generateZip(random: Random, seeds: Seeds): Uint8Array {
  const zip = random.chance(0.5) ? makeZip(random) : random.pick(seeds);
  return random.chance(0.75) ? mutateZip(zip, random, random.pick(seeds)) : zip;
}

/** What is accepted is within the limits, can be packed as either kind, and is the same skill when it is read again. */
async function readAndCheck(archive: Uint8Array): Promise<void> {
  const bundle = await readArchive(archive, LIMITS);
  const total = bundle.files.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (total > LIMITS.maxUnpackedBytes || bundle.files.length > LIMITS.maxFiles) throw new Error('is over the limits');
  const digest = await treeDigest(bundle);
  for (const write of [writeTarGz, writeZip]) {
    const again = await readAgain(await write(bundle));
    if ((await treeDigest(again)) !== digest) throw new Error(`is another skill after ${write.name}`);
  }
}

/** A refusal here is not one of the input. */
async function readAgain(archive: Uint8Array): Promise<Bundle> {
  try {
    return await readArchive(archive, { ...LIMITS, maxArchiveBytes: 4 * LIMITS.maxArchiveBytes });
  } catch (cause) {
    throw new Error('cannot be read again after packing', { cause });
  }
}
