import { webcrypto } from 'node:crypto';
import {
  createServer,
  type IncomingMessage,
  request as requestHttp,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { onTestFinished } from 'vitest';
import type { World } from '../../support/world.ts';

export interface LocalProxy {
  /** `http://127.0.0.1:port` */
  url: string;
  /** `GET http://…` of what was forwarded, `CONNECT host:port` of tunnels. */
  seen: string[];
  /** The Proxy-Authorization of each. */
  credentials: (string | undefined)[];
}

/** A proxy as companies run them: it forwards plain HTTP, tunnels the rest, and alone knows where the hosts are. */
export async function startProxy(
  ports: Record<string, number>,
  { password, tls }: { password?: string; tls?: { key: string; cert: string } } = {},
): Promise<LocalProxy> {
  const seen: string[] = [];
  const credentials: (string | undefined)[] = [];
  const isRefused = (request: IncomingMessage) => {
    seen.push(`${request.method} ${request.url}`);
    const given = request.headers['proxy-authorization'];
    credentials.push(given);
    return password !== undefined && given !== `Basic ${Buffer.from(password).toString('base64')}`;
  };
  const server = tls ? createTlsServer(tls) : createServer();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (isRefused(request)) return void response.writeHead(407).end();
    forward(request, response, ports);
  });
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    if (isRefused(request)) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const target = connect(ports[request.url ?? ''] ?? 0, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      target.pipe(socket).pipe(target);
    });
    for (const end of [socket, target]) end.on('error', () => [socket, target].map((other) => other.destroy()));
  });
  const address = await listen(server);
  return { url: tls ? address.replace('http://127.0.0.1', 'https://localhost') : address, seen, credentials };
}

function forward(request: IncomingMessage, response: ServerResponse, ports: Record<string, number>): void {
  const { host, pathname, search } = new URL(request.url ?? '');
  const { method, headers } = request;
  const options = { host: '127.0.0.1', port: ports[host], path: `${pathname}${search}`, method, headers };
  const onward = requestHttp(options, (answer) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  request.pipe(onward);
}

/** Serves a hub on a port of this machine. */
export async function serveWorld(world: World, tls?: { key: string; cert: string }): Promise<number> {
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = 'GET', headers } = request;
    const body = method === 'GET' ? {} : { body: Buffer.concat(await request.toArray()) };
    const url = `http://hub.test${request.url}`;
    const answered = await world.fetch(url, { method, headers: headers as Record<string, string>, ...body });
    response.writeHead(answered.status, Object.fromEntries(answered.headers));
    response.end(Buffer.from(await answered.arrayBuffer()));
  };
  const server = tls ? createTlsServer(tls, answer) : createServer(answer);
  return Number(new URL(await listen(server)).port);
}

/** A certificate of its own for `hub.test`, and its key. */
export async function certificateFor(host: string): Promise<{ key: string; cert: string }> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=${host}`,
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: host }]),
      new x509.BasicConstraintsExtension(true),
    ],
  });
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const key = `-----BEGIN PRIVATE KEY-----\n${der}\n-----END PRIVATE KEY-----\n`;
  return { key, cert: certificate.toString('pem') };
}

/** Listens on a free port until the test ends. */
async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
