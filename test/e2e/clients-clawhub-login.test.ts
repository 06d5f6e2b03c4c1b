import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenPage, openPage, press } from '../support/browser.ts';
import { clientScript } from '../support/clients.ts';
import { type HubProcess, poll, startHubProcess, temporaryDirectory } from '../support/hub-process.ts';

const DEADLINE_MS = 30_000;
const NEW = 'clawhub-0-23';
const OLD = ['clawhub-0-20', 'clawhub-0-8', 'clawhub-0-5'];

let hub: HubProcess;
beforeAll(async () => {
  hub = await startHubProcess();
}, 120_000);
afterAll(() => hub.stop('SIGINT'));

/** A computer with this client, and a browser that notes down what it is asked to open. */
async function computer(client: string) {
  const script = await clientScript(client, 'bin/clawdhub.js');
  const home = temporaryDirectory();
  const opened = join(home, 'opened');
  const bin = join(home, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'xdg-open'),
    `#!/bin/sh\nprintf %s "$1" > '${opened}.new' && mv '${opened}.new' '${opened}'\n`,
    {
      mode: 0o755,
    },
  );
  const env = {
    PATH: `${bin}${delimiter}${process.env.PATH}`,
    HOME: home,
    NO_COLOR: '1',
    CLAWHUB_REGISTRY: hub.url,
    CLAWHUB_SITE: hub.url,
    CLAWHUB_CONFIG_PATH: join(home, 'clawhub.json'),
    CLAWHUB_DISABLE_TELEMETRY: '1',
  };
  return { env, opened, start: (...args: string[]) => start(script, args, home, env) };
}

/** Starts a client whose output can be read while it runs. */
function start(script: string, args: string[], cwd: string, env: Record<string, string>) {
  const child = spawn(process.execPath, [script, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk;
    });
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const output = () => text;
  /** Waits for words on the screen. */
  const shows = async (pattern: RegExp) => {
    await poll(DEADLINE_MS, output, async () => pattern.test(text));
    return pattern.exec(text)?.[1] ?? '';
  };
  return { output, shows, ended };
}

/** The code in the newest mail to an address. */
function mailedCode(to: string): string {
  const outbox = join(hub.data, 'outbox');
  const mails = readdirSync(outbox).sort();
  const mail =
    mails.map((file) => readFileSync(join(outbox, file), 'utf8')).findLast((text) => text.includes(to)) ?? '';
  const [code] = /\b\d{6}\b/.exec(mail.slice(mail.indexOf('Your login code'))) ?? [];
  if (code === undefined) throw new Error(`no code was mailed to ${to}`);
  return code;
}

/** Somebody who is new here: creates a namespace on the way, and has its code mailed. */
async function signUp(page: OpenPage, namespace: string): Promise<OpenPage> {
  const who = { namespace, email: `${namespace}@example.com` };
  const question = await press(fetch, page, 'Mail me a code', who);
  expect(question.text).toContain(`Create the namespace ${namespace}?`);
  return press(fetch, question, 'Create it and mail me a code');
}

const codeFor = (namespace: string) => ({ code: mailedCode(`${namespace}@example.com`) });

test.each([
  { client: NEW, args: ['login'], label: 'CLI device login', namespace: 'device-ada' },
  { client: 'clawhub-0-20', args: ['login', '--device'], label: 'command line', namespace: 'device-bea' },
])(
  '$client: a newcomer logs in by the code that the command shows',
  async ({ client, args, label, namespace }) => {
    const { env, start } = await computer(client);
    const login = start(...args);
    const link = await login.shows(/^\s*(http\S+\/cli\/device\?user_code=\S+)$/m);
    const userCode = await login.shows(/And enter code: (\S+)/);
    expect(link).toBe(`${hub.url}/cli/device?user_code=${userCode}`);
    const asked = await press(fetch, await openPage(fetch, link), 'Go on');
    expect(asked.text).toContain(`Program ${label} Code ${userCode}`);
    const approved = await press(fetch, await signUp(asked, namespace), 'Approve', codeFor(namespace));
    expect(approved.text).toContain(`${label} fetches a key for ${namespace}`);
    expect(await login.ended, login.output()).toBe(0);
    expect(login.output()).toContain(`OK. Logged in as @${namespace}.`);

    const { token, registry } = JSON.parse(readFileSync(env.CLAWHUB_CONFIG_PATH, 'utf8'));
    expect(registry).toBe(hub.url);
    expect(hub.output()).not.toContain(token);
    const whoami = start('whoami');
    expect(await whoami.ended, whoami.output()).toBe(0);
    expect(whoami.output()).toContain(namespace);
  },
  60_000,
);

test('0.23: a denied login ends the command with a word', async () => {
  const { env, start } = await computer(NEW);
  const login = start('login');
  const link = await login.shows(/^\s*(http\S+\/cli\/device\?user_code=\S+)$/m);
  const asked = await press(fetch, await openPage(fetch, link), 'Go on');
  expect((await press(fetch, asked, 'Deny')).status).toBe(200);
  expect(await login.ended).toBe(1);
  expect(login.output()).toContain('Authorization denied by user.');
  expect(JSON.parse(readFileSync(env.CLAWHUB_CONFIG_PATH, 'utf8')).token).toBeUndefined();
}, 60_000);

test.each(OLD)(
  '%s: the browser brings the key to the command',
  async (client) => {
    const namespace = `loop-${client.slice(-2).replace('-', '')}`;
    const { env, opened, start } = await computer(client);
    const login = start('login', '--label', 'Büro <1>');
    await poll(DEADLINE_MS, login.output, async () => existsSync(opened));
    const link = readFileSync(opened, 'utf8');
    expect(link).toMatch(new RegExp(`^${hub.url}/cli/auth\\?redirect_uri=`));
    const asked = await openPage(fetch, link);
    expect(asked.text).toContain('Program Büro <1> Waits at 127.0.0.1:');
    const answer = await press(fetch, await signUp(asked, namespace), 'Log in', codeFor(namespace));
    expect(answer.status).toBe(303);

    // What the client's own page does once the browser is there: the server never sees the fragment.
    const target = new URL(answer.headers.get('location') ?? '');
    const callback = await fetch(new URL(target.pathname, target));
    expect(callback.status).toBe(200);
    expect(await callback.text()).toContain("fetch('/token'");
    const fragment = Object.fromEntries(new URLSearchParams(target.hash.slice(1)));
    const delivered = await fetch(new URL('/token', target), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: fragment.token, registry: fragment.registry, state: fragment.state }),
    });
    expect(delivered.status).toBe(200);
    expect(await login.ended, login.output()).toBe(0);
    expect(login.output()).toContain(`OK. Logged in as @${namespace}.`);

    expect(JSON.parse(readFileSync(env.CLAWHUB_CONFIG_PATH, 'utf8'))).toEqual({
      registry: hub.url,
      token: fragment.token,
    });
    expect(hub.output()).not.toContain(fragment.token);
  },
  60_000,
);
