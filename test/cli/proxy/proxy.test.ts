import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../../cli/proxy/choose.ts';
import { proxiedFetch } from '../../../cli/proxy/fetch.ts';
import { newNamespace } from '../../support/skills.ts';
import { createWorld } from '../../support/world.ts';
import { newSession } from '../terminal-session.ts';
import { certificateFor, type LocalProxy, serveWorld, startProxy } from './servers.ts';

const HUB = 'http://hub.test';
const direct = (url: string) => Promise.reject(new Error(`${url} was asked without a proxy`));

/** A command line that reaches a hub by a proxy only. */
async function behind(proxy: LocalProxy, env: Record<string, string> = { HTTP_PROXY: proxy.url }) {
  const { home } = await newSession();
  const fetch = proxiedFetch({ env, home }, direct);
  return newSession({ env: { SKILLS_REGISTRY: HUB, ...env }, home, fetch });
}

describe('a proxy of the environment', () => {
  it.each(['HTTP_PROXY', 'http_proxy'])('%s forwards plain HTTP, bodies too', async (variable) => {
    const world = await createWorld();
    const proxy = await startProxy({ 'hub.test': await serveWorld(world) });
    const session = await behind(proxy, { [variable]: proxy.url });
    const { code, stderr } = await session.run('login', 'acme', '--email', 'me@example.com');
    expect([code, stderr]).toEqual([0, expect.stringContaining('plain HTTP')]);
    expect((await session.run('whoami')).stdout).toContain(`acme on ${HUB}`);
    expect(proxy.seen).toEqual([`POST ${HUB}/v1/namespaces`, `GET ${HUB}/v1/whoami`]);
  });

  it('is told the name and password of its address, which are not shown', async () => {
    const world = await createWorld();
    const proxy = await startProxy({ 'hub.test': await serveWorld(world) }, { password: 'ada:s3cret' });
    const withPassword = proxy.url.replace('//', '//ada:s3cret@');
    const { key } = await newNamespace(world, 'acme');
    const session = await behind(proxy, { HTTP_PROXY: withPassword, SKILLS_TOKEN: key });
    expect((await session.run('whoami')).code).toBe(0);
    expect(proxy.credentials).toEqual([`Basic ${Buffer.from('ada:s3cret').toString('base64')}`]);

    const wrong = await behind(proxy, { HTTP_PROXY: withPassword.replace('s3cret', 'wr0ng'), SKILLS_TOKEN: key });
    const { code, document } = await wrong.json('whoami');
    const shown = proxy.url.replace('//', '//***@');
    expect([code, document]).toEqual([
      1,
      {
        error: {
          code: 'network',
          message: `${HUB} cannot be reached through the proxy ${shown} (HTTP_PROXY): Proxy Authentication Required (407).`,
          fix: 'Check the proxy, or put hub.test into NO_PROXY to do without it.',
        },
      },
    ]);
  });

  it('that is down is not taken for a registry that is', async () => {
    const session = await behind({ url: '', seen: [], credentials: [] }, { HTTP_PROXY: 'http://127.0.0.1:1' });
    const { code, stderr } = await session.run('whoami');
    expect([code, stderr]).toEqual([
      1,
      'error: http://hub.test cannot be reached through the proxy http://127.0.0.1:1 (HTTP_PROXY): connect ECONNREFUSED 127.0.0.1:1.\n' +
        'fix: Check the proxy, or put hub.test into NO_PROXY to do without it.\n',
    ]);
  });

  it.each(['proxy.example', 'ftp://p', '//ada:s3cret@x'])('cannot be %s', async (address) => {
    const session = await behind({ url: '', seen: [], credentials: [] }, { HTTPS_PROXY: address });
    expect(await session.json('whoami')).toMatchObject({
      code: 2,
      document: {
        error: {
          code: 'usage',
          message: 'What HTTPS_PROXY names as a proxy is not the address of a proxy.',
          fix: 'Write it like http://proxy.example:3128.',
        },
      },
    });
  });
});

describe('a proxy of the configuration', () => {
  it('is used unless the environment names one', async () => {
    const proxy = await startProxy({ 'hub.test': await serveWorld(await createWorld()) });
    const session = await behind(proxy, {});
    await mkdir(join(session.home, '.skills'), { recursive: true });
    await writeFile(join(session.home, '.skills/config.json'), JSON.stringify({ proxy: proxy.url }));
    expect((await session.run('search', 'pdf')).code).toBe(0);
    expect(proxy.seen).toHaveLength(1);
    const other = proxiedFetch({ env: { HTTP_PROXY: 'http://127.0.0.1:1' }, home: session.home }, direct);
    await expect(other(`${HUB}/v1/health`, { method: 'GET', headers: {} })).rejects.toThrow('(HTTP_PROXY)');
    expect(proxy.seen).toHaveLength(1);
  });
});

describe('the choice of a proxy', () => {
  const settings = { http: 'http://plain', https: 'http://tls', origin: 'a test' };
  it.each([
    ['http://a.example', '', 'http://plain'],
    ['https://a.example', '', 'http://tls'],
    ['http://a.example', 'b.example, c.example', 'http://plain'],
    ['http://a.example', '*', undefined],
    ['http://a.example', 'b.example a.example', undefined],
    ['http://hub.a.example', 'a.example', undefined],
    ['http://hub.a.example', '.A.example', undefined],
    ['http://hub.a.example', '*.a.example', undefined],
    ['http://nota.example', 'a.example', 'http://plain'],
    ['http://a.example:8787', 'a.example:8787', undefined],
    ['http://a.example', 'a.example:8787', 'http://plain'],
    ['https://a.example', 'a.example:443', undefined],
    ['http://localhost:8787', '', undefined],
    ['http://127.0.0.1:8787/v1', '', undefined],
    ['http://[::1]:8787', '', undefined],
  ])('for %s without it for "%s" is %s', (url, none, proxy) => {
    expect(proxyFor({ ...settings, none }, url)).toBe(proxy);
  });
});

it.each(['http', 'https'])(
  'a real process asks a hub by HTTPS through a tunnel of an %s:// proxy, and ends',
  async (scheme) => {
    const tls = await certificateFor('hub.test');
    const proxyTls = await certificateFor('localhost');
    const port = await serveWorld(await createWorld(), tls);
    const proxy = await startProxy({ 'hub.test:443': port }, scheme === 'https' ? { tls: proxyTls } : {});
    expect(proxy.url).toMatch(new RegExp(`^${scheme}://`));
    const { cwd, home } = await newSession();
    await mkdir(home);
    const authorities = join(cwd, 'authorities.pem');
    await writeFile(authorities, `${tls.cert}\n${proxyTls.cert}`);
    const env = { PATH: process.env.PATH, HOME: home, HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: authorities };
    const outcome = await new Promise((done) => {
      const bin = resolve(import.meta.dirname, '../../../cli/bin.js');
      const argv = [bin, 'search', 'pdf', '--registry', 'https://hub.test', '--json'];
      const child = execFile(process.execPath, argv, { env, cwd }, (_error, stdout, stderr) =>
        done({ code: child.exitCode, document: stdout && JSON.parse(stdout), stderr }),
      );
    });
    expect(outcome).toMatchObject({ code: 0, document: { total: 0 }, stderr: '' });
    expect(proxy.seen).toEqual(['CONNECT hub.test:443']);
  },
);
