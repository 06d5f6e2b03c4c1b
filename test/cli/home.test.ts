import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { configPath, readConfig, readRegistry, updateRegistry } from '../../cli/home.ts';
import {
  chooseRegistry,
  credentialFor,
  DEFAULT_REGISTRY,
  isConfidential,
  normalizeRegistry,
} from '../../cli/registry.ts';
import { newSession } from './terminal-session.ts';

const ONE = 'https://one.example';
const TWO = 'https://two.example';

const tokenFor = async (...args: Parameters<typeof credentialFor>) => (await credentialFor(...args)).token;

async function home(env: Record<string, string> = {}) {
  const session = await newSession();
  const clock = { now: () => 0, sleep: (ms: number) => setTimeout(ms) };
  return { env: { SKILLS_HOME: session.home, ...env }, home: '/nonexistent', clock };
}

describe('the configuration', () => {
  it('is empty at first, and keeps what is written', async () => {
    const context = await home();
    expect(await readConfig(context)).toEqual({ registries: {} });
    await updateRegistry(context, ONE, { token: 'skh_one', namespace: 'acme' });
    await updateRegistry(context, ONE, { keys: { k: 'pem' } });
    expect(await readRegistry(context, ONE)).toEqual({ token: 'skh_one', namespace: 'acme', keys: { k: 'pem' } });
    expect(await readRegistry(context, TWO)).toEqual({});
  });

  it('is for its owner alone, in a directory made or mended to be so', async () => {
    const context = await home();
    await mkdir(context.env.SKILLS_HOME, { mode: 0o755 });
    await updateRegistry(context, ONE, { token: 'skh_one' });
    expect((await stat(configPath(context))).mode & 0o777).toBe(0o600);
    expect((await stat(context.env.SKILLS_HOME)).mode & 0o777).toBe(0o700);
    expect(await readdir(context.env.SKILLS_HOME)).toEqual(['config.json']);
  });

  it('tightens a file that others could read', async () => {
    const context = await home();
    await mkdir(context.env.SKILLS_HOME);
    await writeFile(configPath(context), '{}', { mode: 0o644 });
    await updateRegistry(context, ONE, { token: 'skh_one' });
    expect((await stat(configPath(context))).mode & 0o777).toBe(0o600);
  });

  it.each(['{', '[]', '{"registries":{"x":{"token":1}}}'])(
    'refuses the damaged file %s and leaves it alone',
    async (text) => {
      const context = await home();
      await mkdir(context.env.SKILLS_HOME);
      await writeFile(configPath(context), text);
      await expect(updateRegistry(context, ONE, {})).rejects.toMatchObject({
        message: `${configPath(context)} is damaged.`,
        fix: 'Correct it, or remove it and log in again.',
      });
      expect(await readFile(configPath(context), 'utf8')).toBe(text);
    },
  );

  it('loses nothing when several commands change it at once', async () => {
    const context = await home();
    const ids = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(
      ids.map((id) => updateRegistry(context, ONE, ({ keys = {} }) => ({ keys: { ...keys, [id]: 'pem' } }))),
    );
    const { keys = {} } = await readRegistry(context, ONE);
    expect(Object.keys(keys).sort()).toEqual(ids);
    expect(await readdir(context.env.SKILLS_HOME)).toEqual(['config.json']);
  });

  it('waits for another process that changes it', async () => {
    const context = await home();
    await mkdir(context.env.SKILLS_HOME);
    const lock = join(context.env.SKILLS_HOME, 'config.lock');
    await writeFile(lock, String(process.ppid));
    let waits = 0;
    const sleep = async () => {
      waits += 1;
      await writeFile(configPath(context), JSON.stringify({ registries: { [TWO]: { token: 'skh_two' } } }));
      await rm(lock);
    };
    await updateRegistry({ ...context, clock: { now: () => 0, sleep } }, ONE, { token: 'skh_one' });
    expect(waits).toBe(1);
    expect((await readConfig(context)).registries).toEqual({
      [ONE]: { token: 'skh_one' },
      [TWO]: { token: 'skh_two' },
    });
  });

  it('is in ~/.skills without SKILLS_HOME', () => {
    expect(configPath({ env: {}, home: '/home/me' })).toBe(join('/home/me', '.skills/config.json'));
  });
});

describe('the choice of a registry', () => {
  it('goes flag, environment, configuration, the local one', async () => {
    const context = await home();
    expect(await chooseRegistry(context, undefined)).toBe(DEFAULT_REGISTRY);
    await mkdir(context.env.SKILLS_HOME);
    await writeFile(configPath(context), JSON.stringify({ registry: `${ONE}/` }));
    expect(await chooseRegistry(context, undefined)).toBe(ONE);
    const inEnv = { ...context, env: { ...context.env, SKILLS_REGISTRY: TWO } };
    expect(await chooseRegistry(inEnv, undefined)).toBe(TWO);
    expect(await chooseRegistry(inEnv, 'http://flag.example')).toBe('http://flag.example');
  });

  it('writes an address in one way', () => {
    expect(normalizeRegistry('HTTPS://One.Example:443/')).toBe(ONE);
    expect(normalizeRegistry('http://h/base//')).toBe('http://h/base');
    expect(['http://h/v1', 'http://h//v1/', 'http://h/base/v1'].map(normalizeRegistry)).toEqual([
      'http://h',
      'http://h',
      'http://h/base',
    ]);
  });

  it.each(['one.example', 'ftp://one.example', 'https://me:secret@one.example'])(
    'refuses %s without repeating a password',
    (text) => {
      expect(() => normalizeRegistry(text)).toThrow(
        expect.objectContaining({ exitCode: 2, message: expect.not.stringContaining('secret') }),
      );
    },
  );

  it.each([
    ['127.0.0.1:8901', 'http://127.0.0.1:8901'],
    ['localhost:8901/', 'http://localhost:8901/'],
    ['localhost', 'http://localhost'],
    ['hub.example', 'https://hub.example'],
    ['hub:8787', 'https://hub:8787'],
  ])('guesses the scheme of %s', (text, meant) => {
    expect(() => normalizeRegistry(text)).toThrow(
      expect.objectContaining({
        exitCode: 2,
        message: `'${text}' is not the address of a registry.`,
        fix: `Did you mean ${meant}?`,
      }),
    );
  });

  it('knows what others can read', () => {
    expect(isConfidential('http://hub.example')).toBe(false);
    expect([ONE, 'http://localhost:1', 'http://127.0.0.1:8787', 'http://[::1]:1'].map(isConfidential)).toEqual([
      true,
      true,
      true,
      true,
    ]);
  });
});

describe('the key for a registry', () => {
  it('is that of the registry and of no other', async () => {
    const context = await home();
    await updateRegistry(context, ONE, { token: 'skh_one' });
    expect(await tokenFor(context, ONE, ONE)).toBe('skh_one');
    expect(await tokenFor(context, TWO, TWO)).toBeUndefined();
    expect(await tokenFor(context, 'http://one.example', 'http://one.example')).toBeUndefined();
  });

  it('is SKILLS_TOKEN for the chosen registry only', async () => {
    const context = await home({ SKILLS_TOKEN: 'skh_env' });
    await updateRegistry(context, ONE, { token: 'skh_one' });
    expect(await tokenFor(context, ONE, ONE)).toBe('skh_env');
    expect(await tokenFor(context, ONE, TWO)).toBe('skh_one');
    expect(await tokenFor(context, 'https://three.example', ONE)).toBeUndefined();
  });
});
