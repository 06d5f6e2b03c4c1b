import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type HttpScannerOptions, httpScanner } from '../../src/adapters/scanner-http.ts';
import type { ScannedSkill, Scanner } from '../../src/core/deps.ts';

export interface ReceivedScan {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

type Reply = (response: ServerResponse) => void;

/** A scanner of its own on this machine; what it answers can be changed at any time. */
export interface ScannerServer {
  url: string;
  received: ReceivedScan[];
  reply: Reply;
}

export const report = (verdict: string, findings: object[] = []): Reply => raw(JSON.stringify({ verdict, findings }));

/** A body as it is. */
export const raw =
  (body: string | Buffer, status = 200, headers: Record<string, string> = {}): Reply =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);

/** Never answers. */
export const silence: Reply = () => undefined;

export async function scannerServer(reply: Reply = report('clean')): Promise<ScannerServer> {
  const scanner: ScannerServer = { url: '', received: [], reply };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url, headers } = request;
      scanner.received.push({ method, url, headers, body: Buffer.concat(chunks) });
      scanner.reply(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  scanner.url = `http://127.0.0.1:${port}/scan`;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return scanner;
}

/** The adapter in front of a server. */
export function scannerAt({ url }: Pick<ScannerServer, 'url'>, options: Partial<HttpScannerOptions> = {}): Scanner {
  const defaults = { name: 'acme-av', onFailure: 'open' as const, timeoutMs: 10_000 };
  return httpScanner({ ...defaults, url, fetch: (input, init) => fetch(input, init), ...options });
}

export const SKILL: ScannedSkill = {
  namespace: 'acme',
  name: 'pdf-tools',
  version: '1.0.0',
  treeDigest: 'ab'.repeat(32),
  archive: new TextEncoder().encode('an archive'),
};
