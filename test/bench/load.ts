import autocannon from 'autocannon';
import { median, percentile } from './statistics.ts';

export const CONNECTIONS = 16;

export interface Target {
  name: string;
  url: string;
  /** Paths to ask for again and again; or, with `once`, each a single time. */
  paths: string[];
  once: boolean;
}

interface Round {
  perSecond: number;
  p50: number;
  p99: number;
}

export interface Measured extends Round {
  /** Requests a second by those of the yardstick in the same round. */
  ratio: number;
}

/**
 * Loads one target after the other, round after round, so that whatever the machine does meanwhile hits all of them;
 * answers with the medians. The first round warms up and is not counted.
 *
 * @param yardstick what every target is compared to
 * @param targets what to load in each round
 */
export async function measure(
  yardstick: Target,
  targets: (round: number) => Target[],
  options: { rounds: number; seconds: number },
): Promise<Map<string, Measured>> {
  const rounds = new Map<string, Measured[]>();
  for (let round = 0; round <= options.rounds; round++) {
    const best = await load(yardstick, options.seconds);
    const results = new Map([[yardstick.name, best]]);
    for (const target of targets(round)) results.set(target.name, await load(target, options.seconds));
    if (round === 0) continue;
    for (const [name, result] of results) {
      const measured = { ...result, ratio: result.perSecond / best.perSecond };
      rounds.set(name, [...(rounds.get(name) ?? []), measured]);
    }
  }
  return new Map([...rounds].map(([name, measured]) => [name, medians(measured)]));
}

/** @throws Error when any answer is not a 2xx: its speed would mean nothing */
async function load(target: Target, seconds: number): Promise<Round> {
  const connections = target.once ? Math.min(CONNECTIONS, target.paths.length) : CONNECTIONS;
  const shares = deal(target.paths, connections, target.once);
  const amount = shares.reduce((sum, share) => sum + share.length, 0);
  const share = shares.values();
  const milliseconds: number[] = [];
  const begun = performance.now();
  let ended = begun;
  const run = autocannon({
    url: target.url,
    connections,
    sampleInt: 50,
    setupClient: (client) => {
      client.setRequests((share.next().value ?? []).map((path) => ({ path })));
      // Else it makes a text of every body: for an archive that takes it longer than the hub takes to answer.
      client.pipelinedRequests.addBody = () => undefined;
    },
    ...(target.once ? { amount } : { duration: seconds }),
  });
  run.on('response', (_client, _status, _bytes, took) => {
    milliseconds.push(took);
    ended = performance.now();
  });
  const { errors, timeouts, non2xx } = await run;
  if (errors + timeouts + non2xx > 0)
    throw new Error(`${target.name}: ${errors} errors, ${timeouts} timeouts, ${non2xx} answers that are not 2xx`);
  return {
    perSecond: (milliseconds.length * 1000) / (ended - begun),
    p50: percentile(milliseconds, 50),
    p99: percentile(milliseconds, 99),
  };
}

/** Each connection gets paths of its own, all the same number; or, to repeat them, each gets all. */
function deal(paths: readonly string[], hands: number, once: boolean): string[][] {
  if (!once) return Array.from({ length: hands }, (_, hand) => [...paths.slice(hand), ...paths.slice(0, hand)]);
  const each = Math.floor(paths.length / hands);
  if (each === 0) throw new Error(`${paths.length} paths are too few for ${hands} connections`);
  return Array.from({ length: hands }, (_, hand) => paths.slice(hand * each, (hand + 1) * each));
}

function medians(rounds: readonly Measured[]): Measured {
  return {
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    p50: median(rounds.map(({ p50 }) => p50)),
    p99: median(rounds.map(({ p99 }) => p99)),
    ratio: median(rounds.map(({ ratio }) => ratio)),
  };
}
