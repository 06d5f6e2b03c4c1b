import { type Load, load, type Round, summary, type Target } from './load.ts';

/** Two ways to ask for the same. */
export interface Pair {
  name: string;
  base: Target;
  other: Target;
}

/** What one side of a pair did, in all rounds together. */
export interface Side extends Round {
  /** Milliseconds of processor time that the server took for each request; absent where the system does not tell. */
  processor: number | undefined;
}

export interface Compared {
  base: Side;
  other: Side;
}

interface Sums extends Load {
  processor: number | undefined;
}

/**
 * Loads both sides of each pair in turns that are short against whatever else the machine does: in each round the one, the
 * other, the other, the one. The first round warms up and is not counted.
 *
 * @param pairs in each round, the same pairs in the same order
 * @param processorTime milliseconds that the server has taken so far
 */
export async function comparePairs(
  pairs: (round: number) => Pair[],
  processorTime: () => number | undefined,
  { rounds, seconds }: { rounds: number; seconds: number },
): Promise<Map<string, Compared>> {
  const sums = new Map<string, { base: Sums; other: Sums }>();
  for (let round = 0; round <= rounds; round++) {
    for (const { name, base, other } of pairs(round)) {
      const kept = sums.get(name) ?? { base: nothing(), other: nothing() };
      const turn = async (side: 'base' | 'other', half: number) => {
        const target = side === 'base' ? base : other;
        const before = processorTime();
        const loaded = await load(
          { ...target, paths: target.once ? halfOf(target.paths, half) : target.paths },
          seconds / 2,
        );
        const after = processorTime();
        if (round > 0)
          add(kept[side], loaded, before === undefined || after === undefined ? undefined : after - before);
      };
      await turn('base', 0);
      await turn('other', 0);
      await turn('other', 1);
      await turn('base', 1);
      sums.set(name, kept);
    }
  }
  return new Map([...sums].map(([name, { base, other }]) => [name, { base: sideOf(base), other: sideOf(other) }]));
}

function nothing(): Sums {
  return { milliseconds: [], elapsed: 0, processor: 0 };
}

function add(sums: Sums, { milliseconds, elapsed }: Load, processor: number | undefined): void {
  sums.milliseconds.push(...milliseconds);
  sums.elapsed += elapsed;
  sums.processor = processor === undefined || sums.processor === undefined ? undefined : sums.processor + processor;
}

function sideOf(sums: Sums): Side {
  const { processor, milliseconds } = sums;
  return { ...summary(sums), processor: processor === undefined ? undefined : processor / milliseconds.length };
}

function halfOf(paths: readonly string[], half: number): string[] {
  return paths.filter((_, index) => index % 2 === half);
}
