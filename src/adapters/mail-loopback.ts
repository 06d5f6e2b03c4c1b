/** Whether a host name, as `URL.hostname` gives it (IPv6 in brackets), is this machine and never another one. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.toLowerCase();
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
