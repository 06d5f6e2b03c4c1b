import type { Random } from './random.ts';

const NUMBERS = [
  0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff,
] as const;
const NEAR = [-512, -2, -1, 1, 2, 4, 512] as const;

type Mutator = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

const flipBit: Mutator = (bytes, random) => {
  const copy = Uint8Array.from(bytes);
  const at = random.below(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
  return copy;
};

const setByte: Mutator = (bytes, random) => {
  const copy = Uint8Array.from(bytes);
  copy[random.below(copy.length)] = random.below(256);
  return copy;
};

/** Writes a number of 16 or 32 bits where a length or an offset may be: a limit, or close to what is there. */
const setNumber: Mutator = (bytes, random) => {
  if (bytes.length < 4) return bytes;
  const copy = Uint8Array.from(bytes);
  const view = new DataView(copy.buffer);
  const at = random.below(copy.length - 3);
  const wide = random.chance(0.5);
  const near = (wide ? view.getUint32(at, true) : view.getUint16(at, true)) + random.pick(NEAR);
  const value = random.chance(0.5) ? near : random.pick(NUMBERS);
  if (wide) view.setUint32(at, value >>> 0, true);
  else view.setUint16(at, value & 0xffff, true);
  return copy;
};

const cut: Mutator = (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1));

const remove: Mutator = (bytes, random) => {
  const [start, end] = range(bytes.length, random);
  return join(bytes.subarray(0, start), bytes.subarray(end));
};

const repeat: Mutator = (bytes, random) => {
  const [start, end] = range(bytes.length, random);
  return join(bytes.subarray(0, end), bytes.subarray(start));
};

/** The beginning of one and the end of another. */
const splice: Mutator = (bytes, random, other) =>
  join(bytes.subarray(0, random.below(bytes.length + 1)), other.subarray(random.below(other.length + 1)));

const insert: Mutator = (bytes, random, other) => {
  const at = random.below(bytes.length + 1);
  const [start, end] = range(other.length, random);
  return join(bytes.subarray(0, at), other.subarray(start, end), bytes.subarray(at));
};

const MUTATORS = [
  flipBit,
  flipBit,
  setByte,
  setByte,
  setNumber,
  setNumber,
  cut,
  remove,
  repeat,
  splice,
  insert,
] as const;

/** Changes `bytes` one to four times without knowing what they mean; `other` gives material. */
export function mutateBytes(bytes: Uint8Array, random: Random, other: Uint8Array): Uint8Array {
  let result = bytes;
  for (let times = 1 + random.below(4); times > 0; times--) {
    if (result.length > 0) result = random.pick(MUTATORS)(result, random, other);
  }
  return result;
}

function range(length: number, random: Random): [number, number] {
  const start = random.below(length + 1);
  return [start, Math.min(length, start + 1 + random.below(random.chance(0.5) ? 16 : length + 1))];
}

export function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
