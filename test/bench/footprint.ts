import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { median } from './statistics.ts';

/** Bytes of the Worker's bundle, as it is and compressed. */
export function bundleSize(scriptPath: string): { minified: number; gzip: number } {
  const bytes = readFileSync(scriptPath);
  return { minified: bytes.length, gzip: gzipSync(bytes, { level: 9 }).length };
}

/** @throws Error when the bundle is missing or older than its sources: figures of another program would mislead */
export function requireFreshBundle(packagePath: string, scriptPath: string): void {
  if (!existsSync(scriptPath)) throw new Error(`${scriptPath} is missing: run npm run build first`);
  const built = statSync(scriptPath).mtimeMs;
  for (const file of readdirSync(join(packagePath, 'src'), { recursive: true, encoding: 'utf8' })) {
    if (statSync(join(packagePath, 'src', file)).mtimeMs > built)
      throw new Error(`${scriptPath} is older than src/${file}: run npm run build first`);
  }
}

export interface CliStart {
  /** Milliseconds, the least of all starts. */
  node: number;
  skills: number;
  /** Medians. */
  nodeMedian: number;
  skillsMedian: number;
}

/** Starts Node with nothing to do and the command line by turns; nothing when the command line is not built. */
export function measureCliStart(packagePath: string, times: number): CliStart | undefined {
  const bin = join(packagePath, 'cli/bin.js');
  if (!existsSync(bin) || !existsSync(join(packagePath, 'dist/cli/main.js'))) return undefined;
  const node: number[] = [];
  const skills: number[] = [];
  for (let time = 0; time < times; time++) {
    node.push(run(['-e', '0']));
    skills.push(run([bin, '--version']));
  }
  return {
    node: Math.min(...node),
    skills: Math.min(...skills),
    nodeMedian: median(node),
    skillsMedian: median(skills),
  };
}

function run(args: string[]): number {
  const begun = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - begun;
}
