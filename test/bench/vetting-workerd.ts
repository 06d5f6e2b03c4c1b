import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';
import { COMPATIBILITY } from '../../cli/serve/miniflare-options.ts';
import type { BenchSkill } from './skills.ts';

const MIB = 1024 * 1024;
const ROUNDS = 20;
const TICKS_A_SECOND = 100;
const URL = 'http://bench.test/';

export interface WorkerdTimes {
  /** Milliseconds of processor time a MiB: the first examination of a new isolate, and a later one. */
  first: number;
  later: number;
}

/**
 * The processor time that workerd takes to examine a bundle of 1 MiB, made of real skills. Taken from the operating system,
 * with collection of garbage and compilation, since the clock inside stands still.
 */
export async function timeInWorkerd(skills: readonly BenchSkill[]): Promise<WorkerdTimes> {
  const { files, bytes } = mebibyteOf(skills);
  const miniflare = new Miniflare({
    modules: true,
    script: await workerScript(),
    compatibilityDate: COMPATIBILITY.date,
    compatibilityFlags: COMPATIBILITY.flags,
  });
  try {
    await miniflare.ready;
    await miniflare.dispatchFetch(URL, { method: 'PUT', body: JSON.stringify(files) });
    const pid = workerdOf(process.pid);
    const timeOf = async (times: number) => {
      const before = processorTime(pid);
      await (await miniflare.dispatchFetch(`${URL}?times=${times}`)).text();
      return processorTime(pid) - before;
    };
    const first = await timeOf(1);
    await timeOf(ROUNDS);
    const later = (await timeOf(ROUNDS)) / ROUNDS;
    return { first: first / (bytes / MIB), later: later / (bytes / MIB) };
  } finally {
    await miniflare.dispose();
  }
}

async function workerScript(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'vetting-worker.ts')],
    bundle: true,
    format: 'esm',
    minify: true,
    target: 'es2023',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

/** Whole skills, one after the other, until there are 1 MiB of text. */
function mebibyteOf(skills: readonly BenchSkill[]) {
  const decoder = new TextDecoder();
  const files: { path: string; text: string }[] = [];
  let bytes = 0;
  for (const { namespace, name, bundle } of skills) {
    for (const file of bundle.files) {
      if (bytes >= MIB) return { files, bytes };
      files.push({ path: `${namespace}/${name}/${file.path}`, text: decoder.decode(file.bytes) });
      bytes += file.bytes.length;
    }
  }
  return { files, bytes };
}

/** The process that Miniflare has started. */
function workerdOf(parent: number): number {
  const children = readdirSync(`/proc/${parent}/task`)
    .flatMap((thread) => readFileSync(`/proc/${parent}/task/${thread}/children`, 'utf8').split(' '))
    .filter(Boolean);
  const found = children.find((child) => readFileSync(`/proc/${child}/comm`, 'utf8').startsWith('workerd'));
  if (found === undefined) throw new Error('no workerd among the children of this process');
  return Number(found);
}

/** Milliseconds that all threads of a process have used so far; Linux counts in hundredths of a second. */
function processorTime(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND) * 1000;
}
