import autocannon from 'autocannon';
import { median, percentile } from './statistics.ts';

export const CONNECTIONS = 16;

export interface Target {
  name: string;
  url: string;
  /** Paths to ask for again and again; or, with `once`, each a single time. */
  paths: string[];
  once: boolean;
  /** The target of the same round that this one is compared to, beside the yardstick. */
  compared?: string | undefined;
  /** Milliseconds of processor time that its server has taken so far, to tell what each request takes. */
  processorTime?: () => number | undefined;
}

export interface Round {
  perSecond: number;
  p50: number;
  p99: number;
  /** Milliseconds of processor time that the server took for each request. */
  processor?: number | undefined;
}

export interface Measured extends Round {
  /** Requests a second by those of the yardstick in the same round. */
  ratio: number;
  /** The same by those of the target that it is compared to. */
  comparedRatio?: number;
  /** Processor time by that of the target that it is compared to. */
  processorRatio?: number | undefined;
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
  for (const { name } of [yardstick, ...targets(0)]) rounds.set(name, []);
  for (let round = 0; round <= options.rounds; round++) {
    const best = await load(yardstick, options.seconds);
    const results = new Map([[yardstick.name, best]]);
    const loaded = targets(round);
    for (const target of loaded) results.set(target.name, await load(target, options.seconds));
    if (round === 0) continue;
    for (const [name, result] of results) {
      const compared = results.get(loaded.find((target) => target.name === name)?.compared ?? '');
      const measured = {
        ...result,
        ratio: result.perSecond / best.perSecond,
        ...(compared && {
          comparedRatio: result.perSecond / compared.perSecond,
          processorRatio: result.processor && compared.processor && result.processor / compared.processor,
        }),
      };
      rounds.set(name, [...(rounds.get(name) ?? []), measured]);
    }
  }
  return new Map([...rounds].map(([name, measured]) => [name, medians(measured)]));
}

/** @throws Error when any answer is not a 2xx: its speed would mean nothing */
async function load(target: Target, seconds: number): Promise<Round> {
  const shares = deal(target.paths, CONNECTIONS, target.once);
  const amount = shares.reduce((sum, share) => sum + share.length, 0);
  const share = shares.values();
  const milliseconds: number[] = [];
  const usedBefore = target.processorTime?.();
  const begun = performance.now();
  let ended = begun;
  const run = autocannon({
    url: target.url,
    connections: CONNECTIONS,
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
  const usedAfter = target.processorTime?.();
  return {
    perSecond: (milliseconds.length * 1000) / (ended - begun),
    p50: percentile(milliseconds, 50),
    p99: percentile(milliseconds, 99),
    processor: usedBefore && usedAfter && (usedAfter - usedBefore) / milliseconds.length,
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
  const of = (field: keyof Measured) => {
    const values = rounds.flatMap((round) => round[field] ?? []);
    return values.length === 0 ? undefined : median(values);
  };
  const [perSecond = 0, p50 = 0, p99 = 0, ratio = 0] = [of('perSecond'), of('p50'), of('p99'), of('ratio')];
  const [comparedRatio, processorRatio] = [of('comparedRatio'), of('processorRatio')];
  return {
    perSecond,
    p50,
    p99,
    ratio,
    processor: of('processor'),
    ...(comparedRatio !== undefined && { comparedRatio, processorRatio }),
  };
}
