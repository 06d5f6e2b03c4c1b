export interface SmtpServer {
  /** As in a URL: IPv6 in brackets. */
  host: string;
  port: number;
  /** TLS from the first byte; otherwise STARTTLS may follow. */
  implicitTls: boolean;
  credentials?: { user: string; password: string };
}

const DEFAULT_PORTS: Record<string, number> = { 'smtp:': 587, 'smtps:': 465 };

/**
 * Reads `smtp://user:password@host:587` or `smtps://host:465`; user and password are percent-encoded. Throws an Error
 * that does not repeat the URL.
 */
export function parseSmtpUrl(text: string): SmtpServer {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const port = DEFAULT_PORTS[url?.protocol ?? ''];
  const extra = url ? url.pathname.replace('/', '') + url.search + url.hash : '';
  if (!url || port === undefined || url.hostname === '' || extra !== '') throw malformed();
  const server = { host: url.hostname, port: Number(url.port) || port, implicitTls: url.protocol === 'smtps:' };
  if (url.username === '' && url.password === '') return server;
  return { ...server, credentials: { user: decode(url.username), password: decode(url.password) } };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed();
  }
}

function malformed(): Error {
  return new Error(
    'The SMTP URL must look like smtp://user:password@mail.example.com:587 or smtps://mail.example.com:465, ' +
      'with special characters of user and password percent-encoded.',
  );
}
