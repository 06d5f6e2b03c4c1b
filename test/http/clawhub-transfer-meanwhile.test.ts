import { describe, expect, test, vi } from 'vitest';
import { refusalOf } from '../support/clawhub.ts';
import { moderate, OPERATOR, setModerator } from '../support/moderation.ts';
import { getJson, job, postJson, publish, tarGz, upload } from '../support/skills.ts';
import { aliases, decide, give, identities, offer, ok, transfersOf, twoNamespaces } from '../support/transfers.ts';
import type { World } from '../support/world.ts';

/** Lets something happen between what the next accept reads and what it writes. */
function meanwhile(world: World, happens: () => Promise<unknown>): void {
  const { db } = world.deps;
  const batch = db.batch.bind(db);
  const spy = vi.spyOn(db, 'batch').mockImplementationOnce(async (statements) => {
    spy.mockRestore();
    await happens();
    return batch(statements);
  });
}

describe('a ban', () => {
  const BAN = { reason: 'Spam.' };

  test('of the owner: nothing is offered any more, and what was offered stays', async () => {
    const { world, acme, umbrella } = await twoNamespaces();
    await ok(await offer(world, acme.headers, 'pdf-tools'));
    await moderate(world, 'namespaces/acme/ban', BAN);
    expect(await refusalOf(await decide(world, umbrella.headers, 'accept', 'pdf-tools'))).toEqual({
      status: 409,
      text: "The namespace 'acme' is banned. No skill enters or leaves it before the ban has ended.",
    });
    expect((await decide(world, acme.headers, 'cancel', 'pdf-tools')).status).toBe(403);
    expect((await offer(world, acme.headers, 'pdf-tools')).status).toBe(403);
    expect(await identities(world)).toMatchObject([{ namespace: 'acme' }]);
    await moderate(world, 'namespaces/acme/unban', BAN);
    await ok(await decide(world, umbrella.headers, 'accept', 'pdf-tools'));
  });

  test('of the receiver, or of whoever made that', async () => {
    const { world, acme, umbrella } = await twoNamespaces();
    const made = await postJson(world, '/api/v1/publishers', { handle: 'umbrella-labs' }, umbrella.headers);
    expect(made.status).toBe(201);
    await moderate(world, 'namespaces/umbrella/ban', BAN);
    const end = 'is banned. No skill enters or leaves it before the ban has ended.';
    expect((await refusalOf(await offer(world, acme.headers, 'pdf-tools'))).text).toBe(
      `The namespace 'umbrella' ${end}`,
    );
    expect((await refusalOf(await offer(world, acme.headers, 'pdf-tools', 'umbrella-labs'))).text).toBe(
      `The namespace 'umbrella-labs' ${end}`,
    );
    expect((await setModerator(world, 'acme', true)).status).toBe(200);
    expect((await refusalOf(await offer(world, acme.headers, 'pdf-tools', 'umbrella-labs'))).text).toBe(
      `The namespace 'umbrella', which made 'umbrella-labs', ${end}`,
    );
  });

  test('that comes while a transfer is accepted keeps the skill where it is; an operator moves it', async () => {
    const { world, acme, umbrella } = await twoNamespaces();
    await ok(await offer(world, acme.headers, 'pdf-tools'));
    meanwhile(world, () => moderate(world, 'namespaces/acme/ban', BAN));
    expect((await decide(world, umbrella.headers, 'accept', 'pdf-tools')).status).toBe(409);
    expect(await identities(world)).toMatchObject([{ namespace: 'acme' }]);
    await ok(await decide(world, OPERATOR, 'accept', 'pdf-tools'));
    expect(await identities(world)).toMatchObject([{ namespace: 'umbrella' }]);
  });
});

describe('what happens while a transfer is being accepted', () => {
  const CHANGED =
    'The transfer of @acme/pdf-tools changed while it was carried out. List your transfers, and try again: skills owner list.';

  test('a second accept is the one that counts, once', async () => {
    const { world, acme, umbrella } = await twoNamespaces();
    await ok(await offer(world, acme.headers, 'pdf-tools'));
    meanwhile(world, async () => ok(await decide(world, umbrella.headers, 'accept', 'pdf-tools')));
    expect(await refusalOf(await decide(world, umbrella.headers, 'accept', 'pdf-tools'))).toEqual({
      status: 409,
      text: CHANGED,
    });
    expect(await identities(world)).toEqual([{ namespace: 'umbrella', name: 'pdf-tools', slug: 'pdf-tools' }]);
    expect(await aliases(world)).toHaveLength(1);
  });

  test('a cancel, or a skill that is hidden, keeps it where it is', async () => {
    const { world, acme, umbrella } = await twoNamespaces();
    await ok(await offer(world, acme.headers, 'pdf-tools'));
    meanwhile(world, async () => ok(await decide(world, acme.headers, 'cancel', 'pdf-tools')));
    expect(await refusalOf(await decide(world, umbrella.headers, 'accept', 'pdf-tools'))).toEqual({
      status: 409,
      text: CHANGED,
    });
    await ok(await offer(world, acme.headers, 'pdf-tools'));
    meanwhile(world, () => world.client.execute('UPDATE skills SET hidden_at = 1'));
    expect((await decide(world, umbrella.headers, 'accept', 'pdf-tools')).status).toBe(409);
    expect(await identities(world)).toMatchObject([{ namespace: 'acme' }]);
    expect(await aliases(world)).toEqual([]);
  });

  test('another skill that takes the name first keeps it', async () => {
    const { world, acme, umbrella } = await twoNamespaces();
    await ok(await offer(world, acme.headers, 'pdf-tools'));
    meanwhile(world, () => publish(world, umbrella.key));
    expect(await refusalOf(await decide(world, umbrella.headers, 'accept', 'pdf-tools'))).toEqual({
      status: 409,
      text: "'umbrella' has a skill of that name: pdf-tools. Rename the skill first.",
    });
    expect(await identities(world)).toMatchObject([{ namespace: 'acme' }, { namespace: 'umbrella' }]);
    expect((await transfersOf(world, umbrella.headers, 'incoming')).transfers).toHaveLength(1);
  });
});

describe('a version on its way while the skill moves', () => {
  test('is published where the skill is then', async () => {
    const { world, acme, umbrella } = await twoNamespaces();
    const accepted = await upload(world, acme.key, await tarGz({ version: '2.0.0' }));
    const { job_id } = await accepted.json<{ job_id: string }>();
    await give(world, acme.headers, umbrella.headers, 'pdf-tools', 'umbrella');
    await world.drain();
    expect(await job(world, job_id)).toMatchObject({ status: 'pass' });
    expect(await getJson(world, '/v1/packages/umbrella/pdf-tools/latest')).toMatchObject({ version: '2.0.0' });
    expect(await getJson(world, '/v1/search?q=umbrella')).toMatchObject({ total: 1 });
  });

  test('also when it is being signed at that moment', async () => {
    const { world, acme, umbrella } = await twoNamespaces();
    const { signer } = world.deps;
    let moved = false;
    world.deps.signer = {
      ...signer,
      async sign(bytes) {
        if (!moved) {
          moved = true;
          await give(world, acme.headers, umbrella.headers, 'pdf-tools', 'umbrella');
          // Kept in memory under the new name, while the job still knows the old one.
          await getJson(world, '/v1/packages/umbrella/pdf-tools/latest');
        }
        return signer.sign(bytes);
      },
    };
    const { job_id } = await (await upload(world, acme.key, await tarGz({ version: '2.0.0' }))).json<{
      job_id: string;
    }>();
    await world.drain();
    world.advance(2_000);
    await world.drain();
    expect(moved).toBe(true);
    expect(await job(world, job_id)).toMatchObject({ status: 'pass' });
    expect(await getJson(world, '/v1/packages/umbrella/pdf-tools/latest')).toMatchObject({ version: '2.0.0' });
    expect(await identities(world)).toEqual([{ namespace: 'umbrella', name: 'pdf-tools', slug: 'pdf-tools' }]);
  });
});
