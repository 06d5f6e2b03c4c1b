import { expect, test } from 'vitest';
import { clientAddress } from '../../src/http/kit/client-address.ts';

interface Told {
  header?: string;
  connection?: unknown;
}

/** What a request that came like this counts for; the header is believed where `proxied`. */
function address({ header, connection }: Told, proxied = true): string | undefined {
  const headers = new Headers(header === undefined ? {} : { 'X-Forwarded-For': header });
  const cf = connection === undefined ? undefined : { clientIp: connection };
  return clientAddress({ headers, cf }, { clientAddressHeader: proxied ? 'x-forwarded-for' : undefined });
}

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:39696', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:0002::1', '2001:db8:1:2::/64'],
  ['[2001:db8:1:2::1]:39696', '2001:db8:1:2::/64'],
  ['[2001:db8:1:2::1]', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['[::ffff:192.0.2.1]:39696', '192.0.2.1'],
  ['::FFFF:c000:0201', '192.0.2.1'],
  ['64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
])('%s counts for %s, in the header and of the connection', (text, expected) => {
  expect(address({ header: text })).toBe(expected);
  expect(address({ connection: text }, false)).toBe(expected);
});

test.each([
  '',
  'unknown',
  '_hidden',
  '192.0.2',
  '192.0.2.256',
  '192.0.2.1.5',
  '0xc0.0.2.1',
  '1:2:3:4:5:6:7:8:9',
  '1::2::3',
  '12345::',
  '::ffff:192.0.2.256',
  '[::1',
  '::1]@[::2',
  'unix:/tmp/socket',
])('%j is no address', (text) => {
  expect(address({ header: text })).toBeUndefined();
  expect(address({ connection: text })).toBeUndefined();
});

test('of a list, the last hop counts: whatever stands before it came from the client', () => {
  expect(address({ header: '203.0.113.9, 198.51.100.7,192.0.2.1 ' })).toBe('192.0.2.1');
});

test('the header is believed only where the operator names it', () => {
  const told = { header: '203.0.113.9', connection: '192.0.2.1:1' };
  expect(address(told, true)).toBe('203.0.113.9');
  expect(address(told, false)).toBe('192.0.2.1');
});

test('without the header, or with no address in it, the connection counts', () => {
  expect(address({ connection: '192.0.2.1:1' })).toBe('192.0.2.1');
  expect(address({ header: 'unknown', connection: '192.0.2.1:1' })).toBe('192.0.2.1');
});

test.each([undefined, null, 7])('a connection of %j has no address', (connection) => {
  expect(address({ connection })).toBeUndefined();
});
