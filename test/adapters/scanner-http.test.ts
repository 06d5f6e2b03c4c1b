import { describe, expect, test } from 'vitest';
import { raw, report, SKILL, scannerAt, scannerServer, silence } from '../support/scanner.ts';

const KIB = 1024;

test('a skill goes out as an archive with its name in headers, and with nothing else of the hub', async () => {
  const server = await scannerServer();
  expect(await scannerAt(server, { token: 'a-token' }).scan(SKILL)).toEqual({ verdict: 'clean', findings: [] });
  const [request] = server.received;
  expect(request).toMatchObject({ method: 'POST', url: '/scan' });
  expect(request?.body.toString()).toBe('an archive');
  const { host, connection, ...headers } = request?.headers ?? {};
  expect(headers).toMatchObject({
    accept: 'application/json',
    authorization: 'Bearer a-token',
    'content-type': 'application/gzip',
    'content-length': '10',
    'x-skill-namespace': 'acme',
    'x-skill-name': 'pdf-tools',
    'x-skill-version': '1.0.0',
    'x-skill-digest': `sha256:${'ab'.repeat(32)}`,
  });
  expect(headers).not.toHaveProperty('cookie');
});

test('without a token there is no such header', async () => {
  const server = await scannerServer();
  await scannerAt(server).scan(SKILL);
  expect(server.received[0]?.headers).not.toHaveProperty('authorization');
});

test('a whole report is read, and what it says beyond is left out', async () => {
  const found = { rule: 'Eicar', severity: 'info', message: 'm', fix: 'f', file: 'a.sh', line: 3, excerpt: 'e' };
  const answer = {
    verdict: 'malicious',
    engine: 'ClamAV',
    version: '1.4',
    findings: [found, { rule: 'b', message: 'n' }],
  };
  const server = await scannerServer(raw(JSON.stringify({ ...answer, more: 1 })));
  expect(await scannerAt(server).scan(SKILL)).toEqual({
    ...answer,
    findings: [found, { rule: 'b', message: 'n', severity: 'warning' }],
  });
});

describe('what is no report is a fault that tells neither address nor token', () => {
  const huge = JSON.stringify({ verdict: 'clean', note: 'x'.repeat(257 * KIB) });
  test.each([
    ['an error', raw('{}', 500), 'answered 500'],
    ['another status', raw('{"verdict":"clean"}', 202), 'answered 202'],
    ['a redirect', raw('', 307, { location: 'http://127.0.0.1:1/elsewhere' }), 'answered 307'],
    ['text', raw('<html>'), 'answered with something else than JSON'],
    ['broken UTF-8', raw(Buffer.from('{"verdict":"\xff"}', 'latin1')), 'answered with something else than JSON'],
    ['another shape', raw('[]'), 'answered with something else than a report (the whole)'],
    ['another verdict', report('good'), 'answered with something else than a report (verdict)'],
    [
      'half a finding',
      report('clean', [{ rule: 'a' }]),
      'answered with something else than a report (findings.0.message)',
    ],
    ['an answer that is too long', raw(huge), 'answered with more than 262144 bytes'],
  ])('%s', async (_, reply, message) => {
    const server = await scannerServer(reply);
    const scanner = scannerAt(server, { token: 'a-token' });
    await expect(scanner.scan(SKILL)).rejects.toThrow(new Error(message));
    expect(server.received).toHaveLength(1);
  });

  test('an answer that is too long without saying so is not read to its end', async () => {
    let sent = 0;
    const server = await scannerServer((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        sent += 64 * KIB;
        if (!response.destroyed) response.write('x'.repeat(64 * KIB), more);
      };
      more();
    });
    await expect(scannerAt(server).scan(SKILL)).rejects.toThrow('answered with more than 262144 bytes');
    expect(sent).toBeLessThan(64 * KIB * KIB);
  });

  test('an answer that does not come, or not to its end, in time', async () => {
    for (const begins of [false, true]) {
      const abort = new AbortController();
      const server = await scannerServer((response) => {
        if (begins) response.writeHead(200).write('{"verdict":');
        // The answer's beginning has to be on its way first.
        setImmediate(() => abort.abort(new DOMException('late', 'TimeoutError')));
      });
      const scanner = scannerAt(server, { deadline: () => abort.signal });
      await expect(scanner.scan(SKILL)).rejects.toThrow(new Error('did not answer in time'));
    }
  });

  test('the time-out is the one that is set', async () => {
    const asked: number[] = [];
    const server = await scannerServer(silence);
    const deadline = (milliseconds: number) => {
      asked.push(milliseconds);
      return AbortSignal.abort(new DOMException('late', 'TimeoutError'));
    };
    await expect(scannerAt(server, { timeoutMs: 1234, deadline }).scan(SKILL)).rejects.toThrow(
      'did not answer in time',
    );
    expect(asked).toEqual([1234]);
  });

  test('nobody who listens', async () => {
    const scanner = scannerAt({ url: 'http://127.0.0.1:1/scan?key=secret' });
    await expect(scanner.scan(SKILL)).rejects.toThrow(new Error('could not be reached'));
  });
});
