import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type ClientRun, clientScript, runClient } from './clients.ts';
import { newKey, temporaryDirectory } from './hub-process.ts';

/** The versions of `clawhub` that are tested. */
export const CLAWHUB_VERSIONS = ['0.23.3', '0.20.0', '0.8.0', '0.5.0'] as const;

export type ClawhubVersion = (typeof CLAWHUB_VERSIONS)[number];

/** Their names in test/clients/package.json. */
const ALIASES: Record<ClawhubVersion, string> = {
  '0.23.3': 'clawhub-0-23',
  '0.20.0': 'clawhub-0-20',
  '0.8.0': 'clawhub-0-8',
  '0.5.0': 'clawhub-0-5',
};

export interface ClawhubHome {
  /** Where skills are installed: `<workdir>/skills/<slug>`. */
  workdir: string;
  run(...args: string[]): Promise<ClientRun>;
  /** Runs what has to succeed, and answers with what it printed. */
  ok(...args: string[]): Promise<string>;
}

/** A client of that version with a home of its own, pointed at a hub by its environment alone. */
export async function clawhubHome(version: ClawhubVersion, url: string): Promise<ClawhubHome> {
  const script = await clientScript(ALIASES[version], 'bin/clawdhub.js');
  const home = temporaryDirectory();
  const workdir = join(home, 'work');
  mkdirSync(workdir);
  const env = {
    HOME: home,
    CLAWHUB_REGISTRY: url,
    CLAWHUB_SITE: url,
    CLAWHUB_CONFIG_PATH: join(home, 'config.json'),
    CLAWHUB_WORKDIR: workdir,
    CLAWHUB_DISABLE_TELEMETRY: '1',
  };
  const run = (...args: string[]) => runClient(script, args, { cwd: workdir, env });
  return {
    workdir,
    run,
    async ok(...args) {
      const { code, output } = await run(...args);
      if (code !== 0) throw new Error(`clawhub ${args.join(' ')} ended with ${code}:\n${output}`);
      return output;
    },
  };
}

export interface ClawhubPublisher extends ClawhubHome {
  /** Of the namespace. */
  key: string;
}

/** Somebody with a new namespace of that name, whose client is logged in with its key. */
export async function clawhubPublisher(
  version: ClawhubVersion,
  url: string,
  namespace: string,
): Promise<ClawhubPublisher> {
  const [key, home] = [await newKey(url, namespace), await clawhubHome(version, url)];
  await home.ok('login', '--token', key, '--no-browser');
  return { ...home, key };
}
