// Before the wire schemas: they get the method `openapi` only when this is loaded by then.
import '@hono/zod-openapi';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { memoryOf, operatorKey, processorTimeOf, type Server, startEmptyWorker, startHub } from './child.ts';
import { measureClients } from './clients.ts';
import { facePairs } from './faces.ts';
import { type Catalogue, createNamespaces, emptyCatalogue, fill } from './fill.ts';
import { bundleSize, measureCliStart, requireFreshBundle } from './footprint.ts';
import { measureInstallTimes } from './install-time.ts';
import { measure } from './load.ts';
import { writeBetweenMarkers } from './page.ts';
import { comparePairs } from './pairs.ts';
import type { Hub } from './publishing.ts';
import { report } from './report.ts';
import { countRows, type RowsRead } from './rows.ts';
import { type BenchSkill, skillSource } from './skills.ts';
import { median } from './statistics.ts';
import { readTargets, YARDSTICK } from './targets.ts';

const PACKAGE = join(import.meta.dirname, '../..');
const SCRIPT = join(PACKAGE, 'dist/worker/worker.js');
const STARTS = 3;

const { values: flags } = parseArgs({ options: { quick: { type: 'boolean' }, write: { type: 'boolean' } } });
const plan = flags.quick
  ? { skills: 300, sizes: [100], rounds: 3, seconds: 0.5, pairRounds: 20, timed: 10, starts: 5, installed: 10 }
  : {
      skills: 10_000,
      sizes: [100, 1_000],
      rounds: 5,
      seconds: 2,
      pairRounds: 90,
      timed: 50,
      starts: 20,
      installed: 50,
    };

const say = (line: string) => process.stderr.write(`${line}\n`);

async function run(dataPath: string): Promise<string> {
  const { description, skills } = skillSource(plan.skills);
  const catalogue = emptyCatalogue();
  const { rows, memory: filled } = await fillInSteps(join(dataPath, 'hub'), skills, catalogue);
  const starts: number[] = [];
  let hub = await startHub(join(dataPath, 'hub'));
  while (starts.push(hub.startMilliseconds) < STARTS) {
    await hub.stop();
    hub = await startHub(join(dataPath, 'hub'));
  }
  const { load, faces } = await loadBeside(hub, join(dataPath, 'empty'), catalogue);
  const loaded = memoryOf(hub);
  say('Timing uploads ...');
  const installTimes = await measureInstallTimes(access(hub), plan.timed, 16);
  say('Installing with clients ...');
  const clients = await measureClients(hub.url, catalogue.published, plan.installed, dataPath, PACKAGE);
  await hub.stop();
  say('Timing the command line ...');
  return report({
    skills: description,
    quick: flags.quick === true,
    catalogue,
    rows,
    load,
    faces,
    installTimes,
    clients,
    memory: { filled, loaded },
    hubStart: median(starts),
    bundle: bundleSize(SCRIPT),
    cliStart: measureCliStart(PACKAGE, plan.starts),
  });
}

/** Fills the hub and stops at each size to count rows, since only one process may hold the data. */
async function fillInSteps(dataPath: string, skills: readonly BenchSkill[], catalogue: Catalogue) {
  const rows = new Map<number, RowsRead[]>();
  let memory = { node: 0, workerd: 0 };
  let next = 0;
  for (const size of [...plan.sizes, skills.length]) {
    const hub = await startHub(dataPath);
    if (next === 0) await createNamespaces(access(hub), skills);
    while (next < skills.length && catalogue.published.length < size) {
      const part = skills.slice(next, next + size - catalogue.published.length);
      say(`Publishing ${part.length} skills ...`);
      await fill(access(hub), catalogue, part);
      next += part.length;
    }
    memory = memoryOf(hub);
    await hub.stop();
    const [skill] = catalogue.published;
    if (skill) rows.set(catalogue.published.length, await countRows(dataPath, SCRIPT, skill));
  }
  return { rows, memory };
}

async function loadBeside(hub: Server, emptyPath: string, catalogue: Catalogue) {
  say('Loading ...');
  const empty = await startEmptyWorker(emptyPath);
  try {
    const yardstick = { name: YARDSTICK, url: empty.url, paths: ['/'], once: false };
    const targets = await readTargets(hub.url, empty.url, catalogue.published, plan.rounds + 1);
    const load = await measure(yardstick, targets, plan);
    say('Loading the other faces ...');
    const pairs = await facePairs(hub.url, catalogue.published);
    const faces = await comparePairs(hub.url, pairs, () => processorTimeOf(hub), plan.pairRounds);
    return { load, faces };
  } finally {
    await empty.stop();
  }
}

function access(server: Server): Hub {
  return { url: server.url, operatorKey: operatorKey(server) };
}

try {
  requireFreshBundle(PACKAGE, SCRIPT);
} catch (error) {
  if (flags.write || !(error instanceof Error)) throw error;
  say(`Warning: ${error.message}`);
}
const dataPath = mkdtempSync(join(tmpdir(), 'skills-hub-bench-'));
try {
  const result = await run(dataPath);
  process.stdout.write(`${result}\n`);
  if (flags.write) writeBetweenMarkers(join(PACKAGE, 'docs/performance.md'), result);
} finally {
  rmSync(dataPath, { recursive: true, force: true });
}
