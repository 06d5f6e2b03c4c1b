import { describe, expect, it } from 'vitest';
import { Client } from '../../cli/client.ts';
import type { CliContext } from '../../cli/context.ts';
import { CodedError } from '../../cli/failure.ts';
import { DEFAULT_LIMITS } from '../../src/format/limits.ts';

const REGISTRY = 'https://hub.example';
const PACKAGE = { namespace: 'acme', name: 'pdf-tools' };

const clientOf = (fetch: CliContext['fetch'], token?: string, registry = REGISTRY) =>
  new Client({ registry, token, fetch });
const answering = (body: BodyInit | null, init?: ResponseInit) => clientOf(async () => new Response(body, init));

async function failure(promise: Promise<unknown>) {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CodedError)) throw new Error(`expected a CodedError, got ${String(error)}`);
  const { code, message, fix, exitCode } = error;
  return { code, message, fix, exitCode };
}

describe('Client', () => {
  it('sends the key and nothing of it in the address', async () => {
    const sent: [string, Record<string, string>][] = [];
    const client = clientOf(async (url, { headers }) => {
      sent.push([url, headers]);
      return Response.json({ kind: 'key', namespace: 'acme', scopes: ['read'] });
    }, 'skh_secret');
    expect(await client.whoami()).toEqual({ kind: 'key', namespace: 'acme', scopes: ['read'] });
    expect(sent).toEqual([
      [`${REGISTRY}/v1/whoami`, { accept: 'application/json', authorization: 'Bearer skh_secret' }],
    ]);
  });

  it('escapes what people type', async () => {
    const urls: string[] = [];
    const client = clientOf(async (url) => {
      urls.push(url);
      return new Response('');
    });
    await client.download({ namespace: 'x y', name: 'a/b?c' }, '>=1.0.0 <2');
    expect(urls).toEqual([`${REGISTRY}/v1/download/x%20y/a%2Fb%3Fc/%3E%3D1.0.0%20%3C2`]);
  });

  it.each([
    [401, 4],
    [403, 4],
    [404, 1],
    [409, 1],
    [422, 1],
    [503, 1],
  ])('makes a problem of status %i an error with exit code %i', async (status, exitCode) => {
    const problem = {
      type: 'about:blank',
      title: 'x',
      status,
      code: 'some_code',
      detail: 'It went wrong.',
      fix: 'Mend it.',
      file: 'SKILL.md',
      line: 3,
    };
    const client = answering(JSON.stringify(problem), {
      status,
      headers: { 'content-type': 'application/problem+json' },
    });
    expect(await failure(client.whoami())).toEqual({
      code: 'some_code',
      message: 'It went wrong. (SKILL.md:3)',
      fix: 'Mend it.',
      exitCode,
    });
  });

  it('passes on how long to wait', async () => {
    const problem = {
      type: 'about:blank',
      title: 'x',
      status: 429,
      code: 'too_many_codes',
      detail: 'Too many.',
      fix: 'Wait.',
    };
    const client = answering(JSON.stringify(problem), { status: 429, headers: { 'retry-after': '3600' } });
    expect((await failure(client.sendCode('acme', 'a@b.c'))).fix).toBe('Wait. Wait 3600 seconds.');
  });

  it.each([
    [404, 'http_404', 'Check that this is the address of a Skills Hub.'],
    [502, 'http_502', 'Try again in a minute; if it stays, tell its operator.'],
  ])('explains status %i of something that is no hub', async (status, code, fix) => {
    const message = `The registry ${REGISTRY} answered with HTTP ${status}.`;
    expect(await failure(answering('<html>', { status }).whoami())).toEqual({ code, message, fix, exitCode: 1 });
  });

  it.each(['<html>', '{}', '{"kind":"king"}'])('does not take %s for an answer', async (body) => {
    expect(await failure(answering(body).whoami())).toEqual({
      code: 'unexpected_answer',
      message: `The registry ${REGISTRY} does not answer /v1/whoami as a Skills Hub does.`,
      fix: 'Check the address, and that this command line is as new as the registry.',
      exitCode: 1,
    });
  });

  it('names the registry that cannot be reached, and what to do', async () => {
    const refuse: CliContext['fetch'] = async () => {
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }) });
    };
    expect(await failure(clientOf(refuse).whoami())).toEqual({
      code: 'network',
      message: `The registry ${REGISTRY} cannot be reached: nothing listens there.`,
      fix: 'Check the address (--registry, SKILLS_REGISTRY) and your connection, then try again.',
      exitCode: 1,
    });
    const local = await failure(clientOf(refuse, undefined, 'http://127.0.0.1:8901').whoami());
    expect(local.fix).toBe(
      'Start a hub with `npm start` or `npx skills serve`, or name another with --registry or SKILLS_REGISTRY.',
    );
  });

  it('tells a connection that breaks in the middle', async () => {
    let pulls = 0;
    const body = new ReadableStream({
      pull(controller) {
        if (pulls++ > 0) throw new Error('reset');
        controller.enqueue(new Uint8Array(10));
      },
    });
    const { code, message } = await failure(answering(body).download(PACKAGE, '1.0.0'));
    expect([code, message]).toEqual(['network', `The registry ${REGISTRY} cannot be reached: reset.`]);
  });

  it('stops reading an archive at the limit', async () => {
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 1024 * 1024;
        controller.enqueue(new Uint8Array(1024 * 1024));
      },
    });
    const { code, message } = await failure(answering(body).download(PACKAGE, '1.0.0'));
    expect([code, message]).toEqual([
      'too_large',
      `The registry's answer is larger than ${DEFAULT_LIMITS.maxArchiveBytes} bytes.`,
    ]);
    expect(sent).toBeLessThanOrEqual(DEFAULT_LIMITS.maxArchiveBytes + 3 * 1024 * 1024);
  });
});
