import { Agent, get } from 'node:http';
import { setTimeout as passed } from 'node:timers/promises';
import { CONNECTIONS } from './load.ts';
import { median } from './statistics.ts';

/** Two ways to ask one server for the same: the paths of either side, each in the place of its counterpart. */
export interface Pair {
  name: string;
  base: string[];
  other: string[];
  /** Each path is asked for a single time; else again and again. */
  once: boolean;
}

/** What one request takes, in milliseconds: medians of all rounds. */
export interface Side {
  /** From the first request of a turn to its last answer, divided by their number. */
  elapsed: number;
  /** Processor time of the server; not a number where the system does not tell. */
  processor: number;
  /** Of one answer. */
  bytes: number;
}

export interface Compared {
  base: Side;
  other: Side;
  /** How many times as long the other side takes as the base: the median of what each round says. */
  times: Side;
}

/** Requests of one turn, all at once. */
const TURN = CONNECTIONS;
/** More than a tick of the kernel (at 100 Hz or more), which counts the time of a thread that goes on no oftener. */
const REST_MS = 12;
/** A server that takes longer is not coming to rest. */
const RESTLESS_MS = 60_000;

/**
 * Asks for both sides of each pair in turns of some milliseconds: the one, the other, the other, the one, which is a round. Whatever
 * else the machine does then hits both alike, and the median of many rounds leaves out those that it hits in one turn. Both sides
 * ask for the same things, either as often as the other the first to do so. After each turn the server comes to rest, so that what
 * it does after its answers counts where it belongs. A tenth of the rounds warms up.
 *
 * @param processorTime milliseconds that the server has taken so far
 * @param rounds fewer where there are too few paths to ask for once
 * @throws Error when an answer is not 200, or the server does not come to rest
 */
export async function comparePairs(
  url: string,
  pairs: readonly Pair[],
  processorTime: () => number | undefined,
  rounds: number,
): Promise<Map<string, Compared>> {
  const agent = new Agent({ keepAlive: true, maxSockets: TURN });
  let before = await atRest(processorTime);
  const ask = async (paths: readonly string[]): Promise<Side> => {
    const begun = performance.now();
    const sizes = await Promise.all(paths.map((path) => answered(url + path, agent)));
    const elapsed = performance.now() - begun;
    const after = await atRest(processorTime);
    const [processor, bytes] = [after - before, sizes.reduce((sum, size) => sum + size, 0)];
    before = after;
    return { elapsed: elapsed / paths.length, processor: processor / paths.length, bytes: bytes / paths.length };
  };
  const compared = new Map<string, Compared>();
  try {
    for (const pair of pairs) compared.set(pair.name, await compare(pair, ask, rounds));
  } finally {
    agent.destroy();
  }
  return compared;
}

async function compare(
  { name, base, other, once }: Pair,
  ask: (paths: readonly string[]) => Promise<Side>,
  most: number,
): Promise<Compared> {
  const rounds = once ? Math.min(most, Math.floor(base.length / TURN / 2)) : most;
  const warmUp = Math.ceil(rounds / 10);
  if (rounds === warmUp) throw new Error(`${name}: ${base.length} paths are too few`);
  const done: Omit<Compared, 'times'>[] = [];
  for (let round = 0; round < rounds; round++) {
    const [first, second] = [2 * round, 2 * round + 1];
    const before = await ask(turnOf(base, first));
    const others = [await ask(turnOf(other, first)), await ask(turnOf(other, second))];
    const after = await ask(turnOf(base, second));
    if (round >= warmUp) done.push({ base: mean([before, after]), other: mean(others) });
  }
  const middle = (value: (round: Omit<Compared, 'times'>) => Side): Side => ({
    elapsed: median(done.map((round) => value(round).elapsed)),
    processor: median(done.map((round) => value(round).processor)),
    bytes: median(done.map((round) => value(round).bytes)),
  });
  return {
    base: middle((round) => round.base),
    other: middle((round) => round.other),
    times: middle((round) => ({
      elapsed: round.other.elapsed / round.base.elapsed,
      processor: round.other.processor / round.base.processor,
      bytes: round.other.bytes / round.base.bytes,
    })),
  };
}

function turnOf(paths: readonly string[], turn: number): string[] {
  return Array.from({ length: TURN }, (_, index) => paths[(turn * TURN + index) % paths.length] ?? '/');
}

/** What the server has taken when it takes nothing any more; not a number where the system does not tell. */
async function atRest(processorTime: () => number | undefined): Promise<number> {
  const begun = performance.now();
  for (let last = processorTime(); last !== undefined; ) {
    await passed(REST_MS);
    const now = processorTime();
    if (now === last) return now;
    if (performance.now() - begun > RESTLESS_MS) throw new Error('the server does not come to rest');
    last = now;
  }
  return Number.NaN;
}

/** Reads an answer to its end, and tells how long it is. */
function answered(url: string, agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
      let bytes = 0;
      response
        .on('error', reject)
        .on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        })
        .on('end', () => resolve(bytes));
    }).on('error', reject);
  });
}

function mean(sides: readonly Side[]): Side {
  const of = (value: (side: Side) => number) => sides.reduce((sum, side) => sum + value(side), 0) / sides.length;
  return {
    elapsed: of((side) => side.elapsed),
    processor: of((side) => side.processor),
    bytes: of((side) => side.bytes),
  };
}
