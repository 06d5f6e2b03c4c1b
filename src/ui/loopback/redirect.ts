/** The program's own address, as it is written by clients: nothing that two readers could understand in two ways. */
const LOOPBACK = /^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?(?:\/[\w.~%/-]*)?$/;

export interface LoopbackAddress {
  /** Without query and fragment. */
  url: string;
  /** Host and port, for people. */
  host: string;
  /** What a page's policy has to name for its form to lead there; it knows no IPv6 addresses. */
  source: string;
}

/** The address on this very computer at which a program waits for its key; undefined for any other. */
export function loopbackAddress(redirectUri: string): LoopbackAddress | undefined {
  if (!LOOPBACK.test(redirectUri) || !URL.canParse(redirectUri)) return undefined;
  const url = new URL(redirectUri);
  return { url: url.href, host: url.host, source: url.hostname === '[::1]' ? 'http:' : url.origin };
}

/** Where the key goes: into the fragment, which browsers keep to themselves and servers never see. */
export function keyLocation(
  { url }: LoopbackAddress,
  { token, registry, state }: { token: string; registry: string; state: string },
): string {
  return `${url}#${new URLSearchParams({ token, registry, state })}`;
}
