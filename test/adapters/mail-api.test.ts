import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type ApiMailerOptions, apiMailer } from '../../src/adapters/mail-api.ts';

const MAIL = { to: 'ada@example.com', subject: 'Your code', text: 'The code is 123456.' };
const OPTIONS: ApiMailerOptions = {
  url: 'https://api.example.com/emails',
  key: 're_secret',
  from: 'Skills Hub <hub@hub.example>',
  fetch: async () => new Response(null, { status: 200 }),
};

describe('the mail API', () => {
  it('gets one JSON POST with the key, and redirects are not followed', async () => {
    const requests: { url: string; init: RequestInit }[] = [];
    const fetch = async (url: string, init: RequestInit) => {
      requests.push({ url, init });
      return Response.json({ id: '1' });
    };
    await apiMailer({ ...OPTIONS, fetch }).send(MAIL);
    expect(requests).toEqual([
      {
        url: 'https://api.example.com/emails',
        init: {
          method: 'POST',
          headers: { authorization: 'Bearer re_secret', 'content-type': 'application/json' },
          body: JSON.stringify({ from: 'Skills Hub <hub@hub.example>', ...MAIL }),
          redirect: 'manual',
          signal: expect.any(AbortSignal),
        },
      },
    ]);
  });

  it.each([302, 400, 401, 429, 500])('that answers %i makes the mail fail with the status only', async (status) => {
    const fetch = async () => new Response(status === 302 ? null : 're_secret 123456', { status });
    const error = `The mail API at api.example.com answered ${status}.`;
    await expect(apiMailer({ ...OPTIONS, fetch }).send(MAIL)).rejects.toThrow(new Error(error));
  });

  it('that cannot be reached is named without what the runtime said', async () => {
    const fetch = () => Promise.reject(new TypeError('re_secret at https://api.example.com'));
    const error = 'The mail API at api.example.com could not be reached (TypeError).';
    await expect(apiMailer({ ...OPTIONS, fetch }).send(MAIL)).rejects.toThrow(new Error(error));
  });

  it('that never answers ends in a timeout', async () => {
    await using server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port.');
    const url = `http://127.0.0.1:${address.port}/`;
    const error = `The mail API at 127.0.0.1:${address.port} could not be reached (TimeoutError).`;
    const mailer = apiMailer({ ...OPTIONS, url, timeoutMs: 100, fetch: (...call) => fetch(...call) });
    await expect(mailer.send(MAIL)).rejects.toThrow(new Error(error));
    server.closeAllConnections();
  });
});

describe('the settings of the mail API', () => {
  it.each(['https://api.example.com/', 'http://localhost:3000/', 'http://127.0.0.1/', 'http://[::1]/x'])(
    'accept %s',
    (url) => {
      expect(() => apiMailer({ ...OPTIONS, url })).not.toThrow();
    },
  );

  it.each([
    'http://api.example.com/',
    'http://127.0.0.1.example.com/',
    'http://localhost.example.com/',
    'https://user:hunter2@api.example.com/',
    'ftp://localhost/',
    'api.example.com',
    '',
  ])('refuse the URL %j without repeating it', (url) => {
    const error = 'The mail API URL must be https (or http on loopback) and carry no user name or password.';
    expect(() => apiMailer({ ...OPTIONS, url })).toThrow(new Error(error));
  });

  it.each(['', 're secret', 're\r\nsecret', 'schlüssel'])('refuse the key %j without repeating it', (key) => {
    const error = 'The mail API key must be printable ASCII without spaces.';
    expect(() => apiMailer({ ...OPTIONS, key })).toThrow(new Error(error));
  });

  it.each(['hub', 'Hub <hub@hub.example', 'Hub <hub@hub.example>\r\nBcc: eve@x.io', 'H\nub <hub@hub.example>'])(
    'refuse the sender %j',
    (from) => {
      expect(() => apiMailer({ ...OPTIONS, from })).toThrow(/^The mail sender must look like hub@example\.com/);
    },
  );
});
