import { and, desc, eq, gt, sql } from 'drizzle-orm';
import { keyRotations } from '../../db/schema/certificates.ts';
import { fromHex } from '../../format/hex.ts';
import { decodePem } from '../../format/pem.ts';
import { verifyPss } from '../../format/pss.ts';
import { readRsaKey } from '../../format/rsa-key.ts';
import { type Actor, authorize } from '../accounts/actor.ts';
import { findOwner } from '../accounts/find-owner.ts';
import { hashSecret } from '../accounts/secrets.ts';
import type { Deps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { checkChain } from './check-chain.ts';
import { currentKey } from './current-key.ts';
import type { PublisherKey } from './pinned-key.ts';
import { checkToken, hashToken, type RotationToken } from './rotation-token.ts';

const DAY_MS = 24 * 60 * 60_000;
export const ROTATIONS_A_DAY = 3;

type RotationDeps = Pick<Deps, 'db' | 'clock' | 'random' | 'mailer' | 'log'>;

export interface RotationRequest {
  namespace: string;
  token: RotationToken;
  /** Hex: RSASSA-PSS by each key, in which `hashToken` is the hash. */
  oldSignature: string;
  newSignature: string;
  /** Where the hub is reached; the link in the mail begins with it. */
  origin: string;
}

/**
 * Asks for another key in the place of the one that a namespace signs with. Both keys have to have signed the token. Nothing
 * changes before the namespace's mailbox confirms it, through a link that is mailed here. Needs `admin`.
 *
 * @throws Problem `unauthorized`, `forbidden`, `not_found`, `invalid_body` for the token, `invalid_certificate` for the new chain,
 * `state_conflict` without a key or for a nonce that was used, `wrong_key` when the old key is not the one that counts,
 * `invalid_signature`, `too_many_rotations` after three in 24 hours, `mail_unavailable` (nothing is recorded then)
 */
export async function requestRotation(deps: RotationDeps, actor: Actor, request: RotationRequest): Promise<void> {
  const { namespace, token } = request;
  authorize(actor, 'admin', namespace);
  const owner = await findOwner(deps, namespace);
  checkToken(token, namespace, deps.clock.now());
  const { leaf } = await checkChain(deps, namespace, token.newChain, 'token.new_cert_chain_pem');
  if (leaf.fingerprint !== token.newFingerprint.toLowerCase()) {
    throw new Problem('invalid_body', 'token.new_key_fingerprint is not that of the key in new_cert_chain_pem.', {
      fix: 'Send the SHA-256 of its SubjectPublicKeyInfo in DER.',
    });
  }
  const oldKey = await requireOldKey(deps, token);
  const newKey = { fingerprint: leaf.fingerprint, pem: leaf.keyPem };
  const hash = await hashToken(token);
  await requireSigned(oldKey, hash, request.oldSignature, 'old_sig');
  await requireSigned(newKey, hash, request.newSignature, 'new_sig');

  const secret = deps.random.hex(32);
  const id = await record(deps, token, { oldKey, newKey, secret });
  const url = `${request.origin}/v1/namespaces/${namespace}/rotate-key/confirm?token=${secret}`;
  await sendLink(deps, { id, namespace, to: owner.email, url, newKey });
  deps.log.info('rotation.requested', { namespace, rotationId: id });
}

async function requireOldKey(deps: Pick<Deps, 'db' | 'clock'>, token: RotationToken): Promise<PublisherKey> {
  const current = await currentKey(deps, token.namespace);
  if (!current) {
    throw new Problem('state_conflict', `'${token.namespace}' has no key yet that another could take the place of.`, {
      fix: 'Publish a signed bundle; its key is the one that counts.',
    });
  }
  if (current.fingerprint === token.oldFingerprint.toLowerCase()) return current;
  throw new Problem(
    'wrong_key',
    `'${token.namespace}' signs with ${current.fingerprint}, not ${token.oldFingerprint}.`,
    {
      fix: 'Sign with the key that counts as the old one.',
    },
  );
}

async function requireSigned(key: PublisherKey, hash: Uint8Array, signature: string, field: string): Promise<void> {
  const spki = decodePem(key.pem, 'PUBLIC KEY');
  const rsa = spki && (await readRsaKey(spki));
  if (rsa && (await verifyPss(rsa, hash, fromHex(signature)))) return;
  throw new Problem('invalid_signature', `${field} is not a signature of the token by the key ${key.fingerprint}.`, {
    fix: 'Sign SHA-256 of the token as compact JSON with RSASSA-PSS, SHA-256 and a salt of 32 bytes.',
  });
}

async function record(
  deps: Pick<Deps, 'db' | 'clock' | 'random'>,
  token: RotationToken,
  { oldKey, newKey, secret }: { oldKey: PublisherKey; newKey: PublisherKey; secret: string },
): Promise<string> {
  const now = deps.clock.now();
  const id = deps.random.id();
  const lately = and(eq(keyRotations.namespace, token.namespace), gt(keyRotations.createdAt, now - DAY_MS));
  const sameNonce = eq(keyRotations.nonce, token.nonce);
  // Counted and inserted by one statement, so that parallel requests share the three.
  const recorded = await deps.db
    .insert(keyRotations)
    .select(
      sql`select ${id}, ${token.namespace}, ${oldKey.fingerprint}, ${newKey.fingerprint}, ${newKey.pem}, ${token.nonce},
        ${await hashSecret(secret)}, 'pending', ${now}, ${now + DAY_MS}
        where not exists (select 1 from ${keyRotations} where ${sameNonce})
        and (select count(*) from ${keyRotations} where ${lately}) < ${ROTATIONS_A_DAY}`,
    )
    .returning({ id: keyRotations.id });
  if (recorded.length > 0) return id;
  const [used] = await deps.db.select({ id: keyRotations.id }).from(keyRotations).where(sameNonce);
  if (used) {
    throw new Problem('state_conflict', 'token.nonce was used before.', { fix: 'Make a new token and sign it again.' });
  }
  const recent = await deps.db
    .select({ createdAt: keyRotations.createdAt })
    .from(keyRotations)
    .where(lately)
    .orderBy(desc(keyRotations.createdAt))
    .limit(ROTATIONS_A_DAY);
  const freeAt = (recent.at(-1)?.createdAt ?? now) + DAY_MS;
  throw new Problem('too_many_rotations', `Three changes of the key of '${token.namespace}' were asked for in a day.`, {
    fix: 'Confirm one of them by its mail, or wait.',
    retryAfter: Math.ceil((freeAt - now) / 1000),
  });
}

async function sendLink(
  deps: Pick<Deps, 'db' | 'mailer' | 'log'>,
  link: { id: string; namespace: string; to: string; url: string; newKey: PublisherKey },
): Promise<void> {
  const { id, namespace, to, url, newKey } = link;
  const text = `Somebody with a key of the namespace ${namespace} wants its bundles to be signed with another key:

    ${newKey.fingerprint}

If that is you, open this link within 24 hours:

    ${url}

From then on the old key is refused. If it is not you, do not open the link, and revoke your API keys.
`;
  try {
    await deps.mailer.send({ to, subject: `Confirm the new signing key of ${namespace}`, text });
  } catch (cause) {
    await deps.db.delete(keyRotations).where(eq(keyRotations.id, id));
    deps.log.error('mail.failed', { namespace, cause: cause instanceof Error ? cause.message : 'unknown' });
    throw new Problem(
      'mail_unavailable',
      'The mail that confirms the new key could not be sent; nothing has changed.',
      { fix: 'Try again in a minute.' },
      { cause },
    );
  }
}
