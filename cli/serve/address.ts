import { createServer } from 'node:net';
import { UserError } from '../user-error.ts';

const REASONS: Record<string, [message: string, fix: string]> = {
  EADDRINUSE: ['another program listens there', 'Choose another port with --port or PORT.'],
  EACCES: ['that port needs privileges', 'Choose a port above 1023 with --port or PORT.'],
  EADDRNOTAVAIL: ['this machine has no such address', 'Choose another address with --host or HOST.'],
  ENOTFOUND: ['that name has no address', 'Choose another address with --host or HOST.'],
};

/**
 * Tries the address before workerd does, whose own complaint is a stack trace.
 *
 * @throws UserError when nobody can listen there
 */
export async function requireFreeAddress(host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const [reason, fix] = REASONS[code] ?? [code, 'Choose another address with --host and --port.'];
    throw new UserError(`Cannot listen on ${host}:${port}: ${reason}.`, fix, 1, { cause });
  }
  await new Promise((resolve) => server.close(resolve));
}
