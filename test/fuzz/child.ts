import { openSync, writeSync } from 'node:fs';
import type { ChildStart, Order, Report } from './protocol.ts';
import { randomOf } from './random.ts';
import { corpusBundles } from './seeds.ts';
import { type OpenTarget, runCase, type Target } from './target.ts';

const index = new Int32Array(1);
let target: Target | undefined;
let progress: number | undefined;

const say = (report: Report) => process.send?.(report);

process.on('message', async (order: Order) => {
  if (order.do === 'start') return start(order);
  if (target === undefined || progress === undefined) throw new Error('the first order must be to start');
  if (order.do === 'cases') return runCases(target, progress, order);
  const outcome = await runCase(target, order.input);
  say({ say: 'input done', trouble: typeof outcome === 'object' ? outcome : undefined });
});

async function start({ module, target: name, withCorpus, progressFile }: ChildStart): Promise<void> {
  const { openTarget }: { openTarget: OpenTarget } = await import(module);
  target = await openTarget(name, withCorpus ? corpusBundles() : []);
  progress = openSync(progressFile, 'r+');
  say({ say: 'ready' });
}

async function runCases(reader: Target, file: number, order: Extract<Order, { do: 'cases' }>): Promise<void> {
  let [next, accepted] = [order.from, 0];
  for (; next < order.from + order.count && Date.now() < order.until; next++) {
    index[0] = next;
    writeSync(file, index, 0, 4, 0);
    const outcome = await runCase(reader, reader.generate(randomOf(order.seed, next)));
    if (outcome === 'accepted') accepted++;
    if (typeof outcome === 'object') say({ say: 'trouble', index: next, trouble: outcome });
  }
  say({ say: 'cases done', next, accepted });
}
