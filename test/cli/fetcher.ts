import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { writeAtomically } from '../../cli/atomic-file.ts';
import { OfflineClient } from '../../cli/cache/offline-client.ts';
import { SkillCache } from '../../cli/cache/skill-cache.ts';
import { SkillFetcher } from '../../cli/cache/skill-fetcher.ts';
import { Client } from '../../cli/client.ts';
import { type CliContext, processContext } from '../../cli/context.ts';
import { Progress } from '../../cli/progress.ts';
import type { World } from '../support/world.ts';
import { REGISTRY, type Tamper } from './hub.ts';

export interface FetcherHome {
  home: string;
  /** Paths that were asked for, in order. */
  sent: string[];
  /** Lines for people. */
  notes: string[];
  /** A new command's fetcher; all share one home. */
  open(options?: {
    offline?: boolean;
    registry?: string;
    write?: typeof writeAtomically;
    trustPublishers?: string[];
  }): SkillFetcher;
  /** Fetches and keeps what it is trusted by, as a whole command does. */
  fetch(ref: string, options?: Parameters<FetcherHome['open']>[0]): ReturnType<SkillFetcher['fetch']>;
  tamper: Tamper;
}

/** A home directory from which versions are fetched. */
export async function fetcherHome(world: World): Promise<FetcherHome> {
  const home = await mkdtemp(join(tmpdir(), 'skills-cache-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const sent: string[] = [];
  const notes: string[] = [];
  const fetch: CliContext['fetch'] = async (url, options) => {
    const { pathname } = new URL(url);
    sent.push(pathname);
    return self.tamper(pathname, await world.fetch(new Request(url, options)));
  };
  const clock = { now: () => world.clock.now(), sleep: async () => undefined };
  const context: CliContext = { ...processContext(home), env: {}, home, clock, fetch };
  const self: FetcherHome = {
    home,
    sent,
    notes,
    tamper: (_path, response) => response,
    open({ offline = false, registry = REGISTRY, write = writeAtomically, trustPublishers = [] } = {}) {
      const cache = new SkillCache(context, (line) => notes.push(line), write);
      const client = offline
        ? new OfflineClient(registry, cache)
        : new Client({ registry, token: undefined, fetch: context.fetch });
      const progress = new Progress(
        { stderr: process.stderr, terminal: { stdin: false, stdout: false, stderr: false } },
        '',
      );
      return new SkillFetcher(context, client, { cache, progress, trustKeys: [], trustPublishers });
    },
    async fetch(ref, options) {
      const [, namespace = '', name = '', range = 'latest'] = /^@(.+)\/([^@]+)(?:@(.+))?$/.exec(ref) ?? [];
      const fetcher = self.open(options);
      const skill = await fetcher.fetch({ namespace, name, range });
      await fetcher.checkProgress();
      notes.push(...(await fetcher.keepTrust()));
      return skill;
    },
  };
  return self;
}
