import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { type HubProcess, startHubProcess } from '../support/hub-process.ts';

const hubs: HubProcess[] = [];
afterEach(() => Promise.all(hubs.splice(0).map((hub) => hub.stop())));

async function start(env: Record<string, string>): Promise<HubProcess> {
  const hub = await startHubProcess({ env });
  hubs.push(hub);
  return hub;
}

/** The status of a GET that comes from an address of this machine. */
function statusFrom(localAddress: string, hub: HubProcess, headers: Record<string, string> = {}): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const sent = request(`${hub.url}/v1/keys/registry`, { localAddress, headers, agent: false }, (response) => {
    response.resume();
    response.on('end', () => resolve(response.statusCode ?? 0));
  });
  sent.on('error', reject);
  sent.end();
  return promise;
}

/** Wide enough that a minute which begins meanwhile is no matter: the last requests are many more than the limit. */
async function useUp(hub: HubProcess, headers: () => Record<string, string> = () => ({})): Promise<number[]> {
  const statuses: number[] = [];
  for (let i = 0; i < 12; i++) statuses.push(await statusFrom('127.0.0.1', hub, headers()));
  return statuses;
}

const OTHERS = { clientIp: '203.0.113.9:1', colo: 'SKY' };

// Only Linux answers on the whole of 127.0.0.0/8 unasked.
test.skipIf(process.platform !== 'linux')(
  'a hub knows its clients apart by the addresses of their connections',
  async () => {
    const hub = await start({ RATE_LIMITS: 'read=5/100' });
    expect(await useUp(hub)).toContain(429);
    expect(await statusFrom('127.0.0.2', hub)).toBe(200);
  },
);

test('nobody passes for another by headers of Miniflare, or of a proxy that is not there', async () => {
  const hub = await start({ RATE_LIMITS: 'read=5/100' });
  let i = 0;
  const forged = (): Record<string, string> => ({
    'MF-CF-Blob': JSON.stringify({ ...OTHERS, clientIp: `203.0.113.${++i}:1` }),
    'CF-Connecting-IP': `203.0.113.${i}`,
    'X-Forwarded-For': `203.0.113.${i}`,
  });
  expect(await useUp(hub, forged)).toContain(429);
});

test('behind a proxy, the header that it sets counts', async () => {
  const hub = await start({ RATE_LIMITS: 'read=5/100', CLIENT_ADDRESS_HEADER: 'X-Forwarded-For' });
  const via = (client: string) => () => ({ 'X-Forwarded-For': `198.51.100.1, ${client}` });
  expect(await useUp(hub, via('192.0.2.1'))).toContain(429);
  expect(await statusFrom('127.0.0.1', hub, via('192.0.2.2')())).toBe(200);
});
