import type { Settings } from '../../core/deps.ts';

/**
 * Where a request comes from: an IPv4 address, or the /64 of an IPv6 one, since that is what a subscriber gets and may
 * change addresses in. The header that the operator's proxy sets comes first, then what the server says of the connection.
 */
export function clientAddress(
  request: Pick<Request, 'headers' | 'cf'>,
  { clientAddressHeader }: Pick<Settings, 'clientAddressHeader'>,
): string | undefined {
  const told = clientAddressHeader === undefined ? null : request.headers.get(clientAddressHeader);
  const proxied = told === null ? undefined : network(lastHop(told));
  if (proxied !== undefined) return proxied;
  const connection = request.cf?.clientIp;
  return typeof connection === 'string' ? network(connection) : undefined;
}

/** What the nearest proxy appended; the hops before it are whatever the client claims. */
function lastHop(list: string): string {
  return list.slice(list.lastIndexOf(',') + 1).trim();
}

/** The network of an address with or without a port, an IPv6 one then in brackets. */
function network(text: string): string | undefined {
  const colon = text.indexOf(':');
  if (colon === -1) return ipv4(text);
  if (colon === text.lastIndexOf(':')) return ipv4(text.slice(0, colon));
  const [, bracketed] = /^\[([^\]]*)\](?::\d+)?$/.exec(text) ?? [];
  return ipv6(bracketed ?? text);
}

const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
/** As everybody writes one, without leading zeros. */
const PLAIN_IPV4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`);

function ipv4(text: string): string | undefined {
  if (PLAIN_IPV4.test(text)) return text;
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$/.test(text)) return undefined;
  const bytes = text.split('.').map(Number);
  return bytes.every((byte) => byte <= 255) ? bytes.join('.') : undefined;
}

function ipv6(text: string): string | undefined {
  const [address = ''] = text.split('%');
  const host = `http://[${address}]/`;
  if (!/^[0-9a-f:.]+$/i.test(address) || !URL.canParse(host)) return undefined;
  const groups = groupsOf(new URL(host).hostname.slice(1, -1));
  const [high = 0, low = 0] = groups.slice(6);
  const isMapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (isMapped) return [high >> 8, high & 255, low >> 8, low & 255].join('.');
  const prefix = groups.slice(0, 4).map((group) => group.toString(16));
  return `${prefix.join(':')}::/64`;
}

/** The eight groups of an address as URLs write it: no leading zeros, at most one `::`, no dots. */
function groupsOf(canonical: string): number[] {
  const [front = [], back = []] = canonical
    .split('::')
    .map((half) => (half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16))));
  return [...front, ...Array.from({ length: 8 - front.length - back.length }, () => 0), ...back];
}
