import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HubOptions, RunningHub } from '../../cli/serve/hub.ts';
import { UserError } from '../../cli/user-error.ts';
import { NO_KEYS } from '../support/serve-setup.ts';
import { newSession, type SessionOptions } from './terminal-session.ts';

/** A hub that starts at once; `interrupt` is Ctrl-C. */
async function serving(options: { keyIsNew?: boolean; close?: () => Promise<void>; env?: SessionOptions['env'] } = {}) {
  const seen: { options?: HubOptions; exits: number[]; closed: number } = { exits: [], closed: 0 };
  const started = Promise.withResolvers<void>();
  let interrupt = () => {};
  const keys = { ...NO_KEYS, operatorKey: 'skh_operator' };
  const session = await newSession({
    env: options.env ?? {},
    onInterrupt: (listener) => {
      interrupt = listener;
    },
    exit: (code) => void seen.exits.push(code),
    async startHub(hub): Promise<RunningHub> {
      seen.options = hub;
      started.resolve();
      return {
        url: `http://${hub.host}:${hub.port}`,
        keys: { ...keys, operatorKeyIsNew: options.keyIsNew ?? false },
        publishedExamples: hub.examples ? ['csv-summary'] : [],
        async close() {
          seen.closed++;
          await options.close?.();
        },
      };
    },
  });
  const start = async (...argv: string[]) => {
    const running = session.run('serve', ...argv);
    await started.promise;
    return running;
  };
  return {
    session,
    seen,
    start: (...argv: string[]) => ({ outcome: start(...argv), started: started.promise }),
    interrupt: () => interrupt(),
  };
}

describe('skills serve', () => {
  it('says once who the operator is, then that it is ready, and stops cleanly', async () => {
    const hub = await serving({ keyIsNew: true });
    const { outcome, started } = hub.start();
    await started;
    hub.interrupt();
    const { cwd } = hub.session;
    expect(await outcome).toEqual({
      code: 0,
      stdout: `operator key: skh_operator
  shown this once; it is kept in ${join(cwd, '.hub/keys/operator.key')}
published examples: csv-summary
ready on http://127.0.0.1:8787
`,
      stderr: '',
    });
    expect(hub.seen).toMatchObject({
      closed: 1,
      exits: [],
      options: { host: '127.0.0.1', port: 8787, dataPath: join(cwd, '.hub'), examples: true },
    });
  });

  it('does not show a key that is not new', async () => {
    const hub = await serving();
    const { outcome, started } = hub.start('--no-examples');
    await started;
    hub.interrupt();
    expect((await outcome).stdout).toBe('ready on http://127.0.0.1:8787\n');
  });

  it('takes the environment, and flags before it', async () => {
    const hub = await serving({ env: { PORT: '9000', HOST: 'localhost', HUB_DATA: '/var/lib/hub' } });
    const { outcome, started } = hub.start('--port', '9001');
    await started;
    hub.interrupt();
    expect((await outcome).stderr).toBe('');
    expect(hub.seen.options).toMatchObject({ port: 9001, host: 'localhost', dataPath: '/var/lib/hub' });
  });

  it('warns when it can be reached from elsewhere', async () => {
    const hub = await serving();
    const { outcome, started } = hub.start('--host', '0.0.0.0');
    await started;
    hub.interrupt();
    expect((await outcome).stderr).toBe('warning: traffic to 0.0.0.0 is plain HTTP; put a proxy with TLS in front.\n');
  });

  it('ends at once at the second interrupt', async () => {
    const closing = Promise.withResolvers<void>();
    const hub = await serving({ close: () => closing.promise });
    const { outcome, started } = hub.start();
    await started;
    hub.interrupt();
    expect(hub.seen.exits).toEqual([]);
    hub.interrupt();
    expect(hub.seen.exits).toEqual([130]);
    closing.resolve();
    expect((await outcome).code).toBe(0);
  });

  it('gives one JSON document', async () => {
    const hub = await serving({ keyIsNew: true });
    const { outcome, started } = hub.start('--json');
    await started;
    hub.interrupt();
    expect(JSON.parse((await outcome).stdout)).toEqual({
      url: 'http://127.0.0.1:8787',
      operator_key: 'skh_operator',
      operator_key_file: join(hub.session.cwd, '.hub/keys/operator.key'),
      published_examples: ['csv-summary'],
    });
  });

  it('tells why a hub cannot start', async () => {
    const startHub = async () =>
      Promise.reject(new UserError('Another program listens on 127.0.0.1:8787.', 'Choose another port.'));
    const session = await newSession({ startHub });
    expect(await session.run('serve')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: Another program listens on 127.0.0.1:8787.\nfix: Choose another port.\n',
    });
  });
});
