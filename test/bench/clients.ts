import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { clientScript } from '../support/clients.ts';
import type { Published } from './publishing.ts';
import { spread } from './statistics.ts';

/** What installing all the skills took once. */
export interface InstallRun {
  milliseconds: number;
  /** Of the process that took the most, in bytes. */
  memory: number;
}

export interface ClientInstalls {
  skills: number;
  /** With nothing in memory or on disk. */
  cold: { skills: InstallRun; clawhub: InstallRun };
  /** The same once more, into another project of the same user. */
  warm: { skills: InstallRun; clawhub: InstallRun };
}

type Start = (args: string[], cwd: string) => Promise<number>;

/**
 * Installs the same skills from the same hub with this command line, all in one command, and with `clawhub` 0.23.3, which
 * takes one skill a command.
 */
export async function measureClients(
  url: string,
  published: readonly Published[],
  count: number,
  scratch: string,
  packagePath: string,
): Promise<ClientInstalls> {
  const chosen = spread(published, count);
  const home = join(scratch, 'client-home');
  const folder = (name: string) => {
    const path = join(home, name);
    mkdirSync(path, { recursive: true });
    return path;
  };
  const ours = starter([join(packagePath, 'cli/bin.js')], {
    HOME: folder('skills-user'),
    SKILLS_REGISTRY: url,
  });
  const clawhubHome = folder('clawhub-user');
  const theirs = starter([await clientScript('clawhub-0-23', 'bin/clawdhub.js')], {
    HOME: clawhubHome,
    CLAWHUB_REGISTRY: url,
    CLAWHUB_SITE: url,
    CLAWHUB_CONFIG_PATH: join(clawhubHome, 'config.json'),
    CLAWHUB_DISABLE_TELEMETRY: '1',
  });
  const refs = chosen.map(({ namespace, name, version }) => `@${namespace}/${name}@${version}`);
  const withSkills = (project: string) => timed([['install', ...refs]], ours, folder(project));
  const commands = chosen.map(({ namespace, name, version }) => [
    'install',
    `@${namespace}/${name}`,
    '--version',
    version,
    // Else it refuses what the hub calls suspicious, which some of the corpus are.
    '--force',
  ]);
  const withClawhub = (project: string) =>
    timed(
      commands.map((args) => ['--workdir', folder(project), ...args]),
      theirs,
      folder(project),
    );
  const cold = { skills: await withSkills('skills-cold'), clawhub: await withClawhub('clawhub-cold') };
  const warm = { skills: await withSkills('skills-warm'), clawhub: await withClawhub('clawhub-warm') };
  return { skills: chosen.length, cold, warm };
}

async function timed(commands: string[][], start: Start, cwd: string): Promise<InstallRun> {
  const begun = performance.now();
  let memory = 0;
  for (const args of commands) memory = Math.max(memory, await start(args, cwd));
  return { milliseconds: performance.now() - begun, memory };
}

/**
 * Tells on its fourth descriptor how much memory the process took at most, in KiB. `resourceUsage` would tell of this
 * process, too: its maximum is handed down to children.
 */
const TELL_MEMORY = `data:text/javascript,import{readFileSync,writeSync}from'node:fs';process.on('exit',()=>writeSync(3,/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status','utf8'))[1]))`;

/** Runs a script of Node, and answers with the bytes that it took. @throws Error when it fails */
function starter(script: string[], env: Record<string, string>): Start {
  return async (args, cwd) => {
    const child = spawn(process.execPath, ['--import', TELL_MEMORY, ...script, ...args], {
      cwd,
      env: { PATH: process.env.PATH, CI: '1', NO_COLOR: '1', DISABLE_TELEMETRY: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const [, output, errors, memory] = child.stdio;
    const code = new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (!output || !errors || !memory || !('readable' in memory)) throw new Error('a stream of the client is missing');
    const said = await Promise.all([text(output), text(errors), text(memory)]);
    if ((await code) === 0) return Number(said[2]) * 1024;
    throw new Error(`${script.join(' ')} ${args.join(' ')} ended with ${await code}:\n${said[0]}${said[1]}`);
  };
}
