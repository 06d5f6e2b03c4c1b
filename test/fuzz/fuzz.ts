import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Finding, runCampaign } from './campaign.ts';
import { TARGET_NAMES } from './targets.ts';

const USAGE = `usage: npm run fuzz -- [--seconds 60] [--seed 1] [--target ${TARGET_NAMES.join('|')}|all]`;

/** Fuzzes the chosen readers one after the other and answers with the exit code: 1 when one of them was broken. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: '1' },
      target: { type: 'string', default: 'all' },
    },
  });
  const [seconds, seed] = [Number(values.seconds), Number(values.seed)];
  const targets = values.target === 'all' ? TARGET_NAMES : TARGET_NAMES.filter((name) => name === values.target);
  if (!(seconds > 0) || !Number.isInteger(seed) || targets.length === 0) {
    console.error(USAGE);
    return 2;
  }
  let found = 0;
  for (const target of targets) found += await fuzz(target, seed, seconds / targets.length);
  return found === 0 ? 0 : 1;
}

async function fuzz(target: string, seed: number, seconds: number): Promise<number> {
  const result = await runCampaign({
    module: new URL('./targets.ts', import.meta.url).href,
    target,
    withCorpus: true,
    seed,
    seconds,
    maxCases: Number.MAX_SAFE_INTEGER,
    stuckMs: 10_000,
    minimiseTries: 300,
    onTrouble: (index, { kind, message }) => console.log(`${target}: ${kind} in case ${index}: ${message}`),
  });
  const rate = Math.round(result.cases / result.seconds);
  console.log(
    `${target}: ${result.cases} cases, ${rate}/s, ${result.accepted} accepted, ${result.findings.length} findings (seed ${seed})`,
  );
  for (const finding of result.findings) report(target, seed, finding);
  return result.findings.length;
}

function report(target: string, seed: number, { trouble, index, input, smallest }: Finding): void {
  const folder = join(tmpdir(), 'skills-fuzz');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${target}-${seed}-${index}`);
  writeFileSync(`${path}.bin`, input);
  writeFileSync(`${path}.min`, smallest);
  console.log(`  ${trouble.kind} in case ${index}: ${trouble.message}`);
  console.log(`  ${path}.bin has ${input.length} bytes, ${path}.min has ${smallest.length}:`);
  console.log(`  ${JSON.stringify(Buffer.from(smallest.subarray(0, 200)).toString('latin1'))}`);
}

process.exitCode = await main();
