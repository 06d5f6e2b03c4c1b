import { createHash } from 'node:crypto';
import { announced, ticketFor } from './clawhub.ts';
import { MALICIOUS } from './harmful.ts';
import { OPERATOR } from './moderation.ts';
import { type PgpSigner, pgpSign, pgpSigner, unarmored } from './openpgp.ts';
import { certificateRequest, publisher, selfSigned, signDigest, signedArchive } from './publisher.ts';
import { begin } from './sign-in.ts';
import { mailedCode, postJson, publish, type SkillOptions, tarGz, upload } from './skills.ts';
import type { World } from './world.ts';

/** What the template holds that requests have to name. */
export interface MatrixIds {
  /** A key of `acme` that nobody uses. */
  key: string;
  job: string;
  /** A job that waits for a moderator, and one with an open appeal. */
  held: string;
  appealed: string;
  appeal: string;
  rescan: string;
  pgpKey: string;
  /** Another than the registered one. */
  newPgpKey: string;
  pgpFingerprint: string;
  scan: string;
  report: string;
  ticket: string;
  /** The last code that was mailed. */
  otp: string;
  deviceCode: string;
  userCode: string;
  /** Read links by the name of the skill. */
  links: Record<string, string>;
  rotation: unknown;
  /** The path of a mailed confirmation. */
  confirm: string;
  certificateRequest: string;
  /** The path of the log's entries. */
  entries: string;
  /** A skill that nobody has published yet. */
  archive: Uint8Array<ArrayBuffer>;
}

type Owner = { key: string; headers: Record<string, string> };

const NAMES = ['open-tool', 'dark-tool', 'gone-tool'];
export const FILE = new Uint8Array(new TextEncoder().encode('# A file\n'));
const [old, young] = [publisher('a'), publisher('b')];

/** Publishes three skills of two versions each and makes one private and one hidden, with all that hangs on them. */
export async function settle(world: World, acme: Owner, other: Owner): Promise<Omit<MatrixIds, 'key'>> {
  const pgp = await pgpSigner();
  await done(sendPgpKey(world, pgp.publicKey, acme.headers), 201);
  const links: Record<string, string> = {};
  for (const name of NAMES) {
    for (const version of ['1.0.0', '1.1.0']) await publishSigned(world, acme, pgp, { name, version });
    const skill = `/v1/packages/acme/${name}`;
    await done(put(world, `${skill}/tags/stable`, { version: '1.0.0' }, acme.headers));
    links[name] = await link(world, acme.headers, name);
    await done(postJson(world, `/api/v1/skills/${name}/transfer`, { toUserHandle: 'umbrella' }, acme.headers));
  }
  links['none-tool'] = links['dark-tool'] ?? '';
  const complaint = { reason: 'Does not work.' };
  const { reportId } = await done<{ reportId: string }>(
    postJson(world, '/api/v1/skills/open-tool/report', complaint, other.headers),
  );
  const { scanId } = await done<{ scanId: string }>(
    postJson(world, '/api/v1/skills/-/scan', { source: { kind: 'published', slug: 'open-tool' } }, acme.headers),
  );
  await world.drain();
  await done(put(world, '/v1/packages/acme/dark-tool/visibility', { visibility: 'private' }, acme.headers));
  await done(world.fetch('/api/v1/skills/gone-tool', { method: 'DELETE', headers: acme.headers }));
  const { uploadTicket } = await ticketFor(world, acme.headers, 'SKILL.md', FILE);
  const { device_code: deviceCode, user_code: userCode } = await begin(world);
  return {
    ...(await review(world, acme)),
    pgpKey: pgp.publicKey,
    newPgpKey: (await pgpSigner()).publicKey,
    pgpFingerprint: pgp.fingerprint,
    scan: scanId,
    report: reportId,
    ticket: uploadTicket,
    otp: await mailedCode(world),
    deviceCode,
    userCode,
    links,
    archive: new Uint8Array(await tarGz({ name: 'next-tool' })),
    ...(await signing(world, acme)),
    entries: await entriesPath(world),
  };
}

async function publishSigned(world: World, { headers }: Owner, pgp: PgpSigner, options: SkillOptions) {
  const body = new Uint8Array(await tarGz(options));
  const signature = Buffer.from(await unarmored(await pgpSign(pgp, body, { at: world.clock.now() }))).toString(
    'base64',
  );
  const sent = { ...headers, 'x-publisher-signature': signature };
  await done(world.fetch('/v1/publish', { method: 'POST', headers: sent, body }), 202);
  await world.drain();
}

const sendPgpKey = (world: World, body: string, headers: Record<string, string>) =>
  world.fetch('/v1/namespaces/acme/pgp-keys', {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/pgp-keys' },
    body,
  });

/** What moderators have to decide about. */
async function review(world: World, acme: Owner) {
  const { id: job } = await publish(world, acme.key, { name: 'news-tool' });
  const { id: held } = await publish(world, acme.key, { ...MALICIOUS, name: 'held-tool' });
  const { id: appealed } = await publish(world, acme.key, { ...MALICIOUS, name: 'wait-tool' });
  const text = { text: 'It does what it says.' };
  const { id: appeal } = await done<{ id: string }>(
    postJson(world, `/v1/jobs/${appealed}/appeal`, text, acme.headers),
    201,
  );
  const { id: rescan } = await done<{ id: string }>(postJson(world, '/v1/admin/rescans', {}, OPERATOR), 202);
  await world.drain();
  return { job, held, appealed, appeal, rescan };
}

/** A pinned key, one confirmation that waits in the mailbox, and the body of the next one. */
async function signing(world: World, acme: Owner) {
  const chain = [await selfSigned(old, world.clock.now())];
  const accepted = await upload(world, acme.key, signedArchive(old, chain, { name: 'sign-tool' }));
  if (accepted.status !== 202) throw new Error(`a signed upload answered ${accepted.status}`);
  await world.drain();
  const csr = certificateRequest(old, 'acme');
  const request = { method: 'POST', headers: { ...acme.headers, 'content-type': 'text/plain' }, body: csr };
  await done(world.fetch('/v1/namespaces/acme/cert', request));
  await done(postJson(world, '/v1/namespaces/acme/rotate-key', await rotation(world, 'first'), acme.headers));
  const [, confirm = ''] = /^ {4}http:\/\/hub\.test(\/\S+)$/m.exec(world.outbox.at(-1)?.text ?? '') ?? [];
  return { confirm, certificateRequest: csr, rotation: await rotation(world, 'second') };
}

/** Where the entries of the transparency log are, once a checkpoint speaks of them. */
async function entriesPath(world: World): Promise<string> {
  const [, size] = (await (await world.fetch('/log/checkpoint')).text()).split('\n');
  return `/log/tile/entries/000.p/${size}`;
}

async function rotation(world: World, word: string) {
  const now = world.clock.now();
  const time = (milliseconds: number) => new Date(milliseconds).toISOString().replace('Z', '000000+00:00');
  const token = {
    namespace: 'acme',
    old_key_fingerprint: old.fingerprint,
    new_key_fingerprint: young.fingerprint,
    new_cert_chain_pem: [await selfSigned(young, now)],
    nonce: createHash('sha256').update(word).digest('hex'),
    issued_at: time(now),
    expires_at: time(now + 5 * 60_000),
  };
  const digest = createHash('sha256').update(JSON.stringify(token)).digest('hex');
  return { token, old_sig: signDigest(old, digest), new_sig: signDigest(young, digest) };
}

async function link(world: World, headers: Record<string, string>, name: string): Promise<string> {
  const { url } = await done<{ url: string }>(postJson(world, `/v1/packages/acme/${name}/link`, {}, headers));
  return new URL(url).pathname.split('/')[2] ?? '';
}

const put = (world: World, path: string, body: unknown, headers: Record<string, string>) =>
  world.fetch(path, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

async function done<T>(answer: Promise<Response>, status = 200): Promise<T> {
  const response = await answer;
  if (response.status !== status) throw new Error(`${response.status}: ${await response.text()}`);
  return response.json<T>();
}

export const FILE_ANNOUNCED = announced('SKILL.md', FILE);
