import { describe, expect, test } from 'vitest';
import { outgoingFetch } from '../../src/adapters/outgoing-fetch.ts';
import { DEFAULT_FETCH_HOSTS } from '../../src/core/deps.ts';
import { Problem } from '../../src/core/problem.ts';

const URL_OF_SKILL = 'https://raw.githubusercontent.com/acme/skills/main/SKILL.md';

type Answer = Response | ((init: RequestInit) => Response | Promise<Response>);

/** An adapter over a web that has these answers and no others, and the requests that it makes. */
function web(
  answers: Record<string, Answer>,
  options: { hosts?: readonly string[]; deadline?: () => AbortSignal } = {},
) {
  const asked: { url: string; init: RequestInit }[] = [];
  const outgoing = outgoingFetch({
    hosts: DEFAULT_FETCH_HOSTS,
    ...options,
    fetch: async (url, init) => {
      asked.push({ url, init });
      const answer = answers[url];
      if (!answer) throw new TypeError(`no route to ${url}`);
      return typeof answer === 'function' ? answer(init) : answer;
    },
  });
  const refusal = async (url: string, maxBytes = 100) => {
    const problem = await outgoing.get(url, maxBytes).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(problem instanceof Problem)) throw new Error(`expected a Problem, got ${problem}`);
    return { code: problem.code, message: problem.message };
  };
  return { outgoing, asked, refusal };
}

const redirect = (location: string, status = 302) => new Response('elsewhere', { status, headers: { location } });
const refused = (message: string) => ({ code: 'invalid_request', message });

/** A body that never ends, and how much was taken of it. */
function endless() {
  const taken = { bytes: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      taken.bytes += 10;
      controller.enqueue(new Uint8Array(10));
    },
    cancel() {
      taken.cancelled = true;
    },
  });
  return { body, taken };
}

test('what is there is fetched, with nothing of the hub', async () => {
  const { outgoing, asked } = web({ [URL_OF_SKILL]: new Response('# Hi') });
  expect(new TextDecoder().decode(await outgoing.get(URL_OF_SKILL, 4))).toBe('# Hi');
  expect(asked).toEqual([
    { url: URL_OF_SKILL, init: { redirect: 'manual', signal: expect.any(AbortSignal), headers: { accept: '*/*' } } },
  ]);
});

describe('addresses that are refused before anything is asked', () => {
  test.each([
    ['http://raw.githubusercontent.com/a', 'http://raw.githubusercontent.com/a is not https.'],
    ['file:///etc/passwd', 'file:///etc/passwd is not https.'],
    ['https://user@raw.githubusercontent.com/a', 'https://raw.githubusercontent.com/a holds a user name or password.'],
    ['https://:pw@raw.githubusercontent.com/a', 'https://raw.githubusercontent.com/a holds a user name or password.'],
    ['https://raw.githubusercontent.com:8443/a', 'https://raw.githubusercontent.com:8443/a names a port.'],
    ['https://example.com/a', 'https://example.com/a is not on a host that this hub fetches from.'],
    [
      'https://raw.githubusercontent.com.evil.example/a',
      /^https:\/\/raw\.githubusercontent\.com\.evil\.example\/a is not on/,
    ],
    ['https://raw.githubusercontent.com./a', /^https:\/\/raw\.githubusercontent\.com\.\/a is not on a host/],
    ['https://evil.example#@raw.githubusercontent.com/a', /^https:\/\/evil\.example\/ is not on a host/],
    ['https://127.0.0.1/a', 'https://127.0.0.1/a is not on a host that this hub fetches from.'],
    ['https://2130706433/a', 'https://127.0.0.1/a is not on a host that this hub fetches from.'],
    ['https://[::1]/a', 'https://[::1]/a is not on a host that this hub fetches from.'],
    [
      'https://169.254.169.254/latest?token=s3cret',
      'https://169.254.169.254/latest is not on a host that this hub fetches from.',
    ],
    ['no address', 'An address to fetch from is not a URL.'],
  ])('%s', async (url, message) => {
    const { refusal, asked } = web({ [url]: new Response('secret') });
    expect(await refusal(url)).toEqual(refused(typeof message === 'string' ? message : expect.stringMatching(message)));
    expect(asked).toEqual([]);
  });

  test('any, where the operator has turned it off', async () => {
    const { refusal, asked } = web({ [URL_OF_SKILL]: new Response('x') }, { hosts: [] });
    expect(await refusal(URL_OF_SKILL)).toEqual(
      refused(`${URL_OF_SKILL} is not on a host that this hub fetches from.`),
    );
    expect(asked).toEqual([]);
  });
});

describe('redirects', () => {
  const hop = (n: number) => `https://gist.githubusercontent.com/${n}`;

  test('are followed within the hosts, three times, relative ones too', async () => {
    const { outgoing, asked } = web({
      [URL_OF_SKILL]: redirect(hop(1), 301),
      [hop(1)]: redirect('/2', 307),
      [hop(2)]: redirect(hop(3), 308),
      [hop(3)]: new Response('there'),
    });
    expect(new TextDecoder().decode(await outgoing.get(URL_OF_SKILL, 100))).toBe('there');
    expect(asked.map(({ url }) => url)).toEqual([URL_OF_SKILL, hop(1), hop(2), hop(3)]);
  });

  test('a fourth one, or one in a circle, is one too many', async () => {
    const { refusal, asked } = web({
      [URL_OF_SKILL]: () => redirect(`${URL_OF_SKILL}?again`),
      [`${URL_OF_SKILL}?again`]: () => redirect(URL_OF_SKILL),
    });
    expect(await refusal(URL_OF_SKILL)).toEqual(refused(`${URL_OF_SKILL} redirects more than 3 times.`));
    expect(asked.length).toBe(4);
  });

  test.each([
    ['http://raw.githubusercontent.com/a', 'http://raw.githubusercontent.com/a is not https.'],
    [
      'https://metadata.internal/?token=s3cret',
      'https://metadata.internal/ is not on a host that this hub fetches from.',
    ],
    ['//10.0.0.1/a', 'https://10.0.0.1/a is not on a host that this hub fetches from.'],
    ['https://u:p@gist.githubusercontent.com/a', 'https://gist.githubusercontent.com/a holds a user name or password.'],
    ['https://gist.githubusercontent.com:22/a', 'https://gist.githubusercontent.com:22/a names a port.'],
    ['https://[', `${URL_OF_SKILL} answered with a redirect to nowhere.`],
  ])('to %s are not followed', async (location, message) => {
    const { refusal, asked } = web({ [URL_OF_SKILL]: redirect(location) });
    expect(await refusal(URL_OF_SKILL)).toEqual(refused(message));
    expect(asked.length).toBe(1);
  });

  test('one without a place to go to', async () => {
    const { refusal } = web({ [URL_OF_SKILL]: new Response(null, { status: 302 }) });
    expect(await refusal(URL_OF_SKILL)).toEqual(refused(`${URL_OF_SKILL} answered with a redirect to nowhere.`));
  });
});

describe('size', () => {
  test('is counted while reading, and reading stops', async () => {
    const { body, taken } = endless();
    const { refusal } = web({ [URL_OF_SKILL]: new Response(body) });
    expect(await refusal(URL_OF_SKILL, 100)).toEqual(refused(`${URL_OF_SKILL} is larger than 100 bytes.`));
    expect(taken.cancelled).toBe(true);
    expect(taken.bytes).toBeLessThanOrEqual(130);
  });

  test('that is declared too large is not read at all', async () => {
    const { body, taken } = endless();
    const { refusal } = web({ [URL_OF_SKILL]: new Response(body, { headers: { 'content-length': '101' } }) });
    expect(await refusal(URL_OF_SKILL, 100)).toEqual(refused(`${URL_OF_SKILL} is larger than 100 bytes.`));
    expect(taken.cancelled).toBe(true);
    expect(taken.bytes).toBeLessThanOrEqual(10);
  });

  test('that is declared smaller than it is does not help', async () => {
    const { refusal } = web({ [URL_OF_SKILL]: new Response(endless().body, { headers: { 'content-length': '5' } }) });
    expect(await refusal(URL_OF_SKILL, 100)).toEqual(refused(`${URL_OF_SKILL} is larger than 100 bytes.`));
  });

  test('may be exactly the limit, or nothing', async () => {
    const { outgoing } = web({ [URL_OF_SKILL]: () => new Response(new Uint8Array(100)) });
    expect((await outgoing.get(URL_OF_SKILL, 100)).length).toBe(100);
    const empty = web({ [URL_OF_SKILL]: new Response(null) });
    expect((await empty.outgoing.get(URL_OF_SKILL, 100)).length).toBe(0);
  });
});

test.each([204, 304, 401, 404, 500, 206])('an answer %i is refused', async (status) => {
  const { refusal } = web({ [`${URL_OF_SKILL}?token=s3cret`]: new Response(null, { status }) });
  expect(await refusal(`${URL_OF_SKILL}?token=s3cret`)).toEqual(refused(`${URL_OF_SKILL} answered ${status}.`));
});

test('a host that cannot be reached, also half-way', async () => {
  expect(await web({}).refusal(URL_OF_SKILL)).toEqual(refused(`${URL_OF_SKILL} could not be reached.`));
  const body = new ReadableStream({ pull: (controller) => controller.error(new TypeError('reset by s3cret peer')) });
  expect(await web({ [URL_OF_SKILL]: new Response(body) }).refusal(URL_OF_SKILL)).toEqual(
    refused(`${URL_OF_SKILL} could not be reached.`),
  );
});

test('an answer that does not come in time, or not to its end', async () => {
  const late = refused(`${URL_OF_SKILL} did not answer in time.`);
  const deadline = () => AbortSignal.timeout(1);
  const aborted = (init: RequestInit) =>
    new Promise<never>((_, reject) => init.signal?.addEventListener('abort', () => reject(init.signal?.reason)));
  expect(await web({ [URL_OF_SKILL]: aborted }, { deadline }).refusal(URL_OF_SKILL)).toEqual(late);
  const stuck = (init: RequestInit) => new Response(new ReadableStream({ pull: () => aborted(init) }));
  expect(await web({ [URL_OF_SKILL]: stuck }, { deadline }).refusal(URL_OF_SKILL)).toEqual(late);
});
