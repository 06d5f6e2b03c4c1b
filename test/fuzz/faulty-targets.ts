import type { Target } from './target.ts';

const MARK = 0x21;
const reads: Record<string, (input: Uint8Array) => unknown> = {
  crash: () => {
    throw new TypeError('broken');
  },
  slow: () => {
    for (const start = process.threadCpuUsage().user; process.threadCpuUsage().user - start < 1_200_000; );
  },
  endless: () => {
    for (;;);
  },
  heap: () => {
    const kept: number[][] = [];
    for (;;) kept.push(new Array(10_000).fill(kept.length + 0.5));
  },
};

/** Readers that are broken for every input with a `!`, to see that the fuzzer notices. */
export async function openTarget(name: string): Promise<Target> {
  return {
    name,
    generate: (random) => {
      const input = new Uint8Array(40).fill(0x41 + random.below(26));
      if (random.chance(0.4)) input[17] = MARK;
      return input;
    },
    read: (input) => (input.includes(MARK) ? reads[name]?.(input) : undefined),
  };
}
