import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { drizzle } from 'drizzle-orm/libsql';
import { type AppDeps, createApp } from '../../src/app.ts';
import type { JobMessage } from '../../src/core/deps.ts';
import type { Db } from '../../src/db/client.ts';
import * as schema from '../../src/db/schema/index.ts';
import { ResponseCache } from '../../src/http/kit/response-cache.ts';
import { consume } from '../../src/jobs/consume.ts';
import { type MatrixIds, settle } from './matrix-world.ts';
import { memoryBundles } from './memory-bundles.ts';
import { bearer, furtherKey, newNamespace, postJson } from './skills.ts';
import { createWorld, OPERATOR_KEY, type World } from './world.ts';

/**
 * Who asks, in the order of the letters in a row of the matrix. `child` is a namespace that `acme` made, `maker` the one
 * that made `acme`; keys without a word have every scope.
 */
export const ACTORS = [
  'anonymous',
  'other',
  'child',
  'read',
  'publish',
  'admin',
  'maker',
  'moderator',
  'operator',
  'revoked',
  'expired',
] as const;
export type MatrixActor = (typeof ACTORS)[number];

/** Those who may read what `acme` keeps private. */
export const INSIDERS: readonly MatrixActor[] = ['read', 'publish', 'admin', 'maker', 'operator'];

/** Skills of `acme`, with names of one length, so that their answers differ in nothing else. */
export const SKILLS = { public: 'open-tool', private: 'dark-tool', hidden: 'gone-tool', missing: 'none-tool' } as const;
export type Target = keyof typeof SKILLS;

export interface Template {
  world: World;
  file: string;
  headers: Record<MatrixActor, Record<string, string>>;
  /** A key of `acme` that ran out, as the token of `expired` did. */
  lapsed: Record<string, string>;
  ids: MatrixIds;
}

/** A running copy of the template, for requests that change something. */
export type Trial = (request: Request) => Promise<Response>;

/** The world that every request of the matrix is sent into. */
export async function matrixTemplate(): Promise<Template> {
  const curatedSkills = Object.values(SKILLS).map((name) => ({ namespace: 'acme', name }));
  const world = await createWorld({ settings: { curatedSkills } });
  const acme = await newNamespace(world);
  const other = await newNamespace(world, 'umbrella');
  const maker = await newNamespace(world, 'initech');
  const moderator = await newNamespace(world, 'reviewers');
  await postJson(world, '/api/v1/publishers', { handle: 'acme-labs' }, acme.headers);
  const child = await keyByMail(world, 'acme-labs', 'acme@example.com');
  await world.client.execute(`UPDATE namespaces SET owner = 'initech' WHERE slug = 'acme'`);
  await world.client.execute(`UPDATE namespaces SET moderator = 1 WHERE slug = 'reviewers'`);
  const issued = await postJson(world, '/api/v1/auth/token', { expiresIn: 60 }, acme.headers);
  const { data } = await issued.json<{ data: { token: string } }>();
  const limited = { label: 'limited', expires_in: 60 };
  const brief = await postJson(world, '/v1/keys', limited, acme.headers);
  const { api_key: lapsed } = await brief.json<{ api_key: string }>();
  world.advance(3_600_000);
  const [read, publishing, revoked, spare] = await Promise.all([
    furtherKey(world, acme.key, ['read']),
    furtherKey(world, acme.key, ['publish']),
    furtherKey(world, acme.key, ['admin']),
    furtherKey(world, acme.key, ['read'], 'spare'),
  ]);
  const ids = await settle(world, acme, other);
  const gone = await world.fetch(`/v1/keys/${revoked.id}`, { method: 'DELETE', headers: acme.headers });
  if (gone.status !== 204) throw new Error(`revoking answered ${gone.status}`);
  const file = join(mkdtempSync(join(tmpdir(), 'skills-hub-matrix-')), 'template.sqlite');
  await world.client.execute(`VACUUM INTO '${file}'`);
  const headers = {
    anonymous: {},
    other: other.headers,
    child: bearer(child),
    read: read.headers,
    publish: publishing.headers,
    admin: acme.headers,
    maker: maker.headers,
    moderator: moderator.headers,
    operator: bearer(OPERATOR_KEY),
    revoked: revoked.headers,
    expired: bearer(data.token),
  };
  return { world, file, headers, lapsed: bearer(lapsed), ids: { ...ids, key: spare.id } };
}

async function keyByMail(world: World, namespace: string, email: string): Promise<string> {
  await postJson(world, '/v1/auth/login', { namespace, email });
  const [otp] = /\b\d{6}\b/.exec(world.outbox.at(-1)?.text ?? '') ?? [];
  const response = await postJson(world, '/v1/auth/token', { namespace, otp });
  if (response.status !== 200) throw new Error(`${namespace} cannot log in: ${response.status}`);
  return (await response.json<{ api_key: string }>()).api_key;
}

/** Starts the app over a copy of the template's database, after that SQL, and of its bundles. */
export async function startTrial({ world, file }: Template, before = 'SELECT 1'): Promise<Trial> {
  const copy = join(mkdtempSync(join(tmpdir(), 'skills-hub-trial-')), 'hub.sqlite');
  copyFileSync(file, copy);
  const client = createClient({ url: `file:${copy}` });
  await client.execute(before);
  const queue: JobMessage[] = [];
  const bundles = memoryBundles(world.clock.now);
  for (const [key, object] of world.bundles.objects) bundles.objects.set(key, object);
  const deps: AppDeps = {
    ...world.deps,
    // The same edge as in src/adapters/db-libsql.ts.
    db: drizzle(client, { schema }) as unknown as Db,
    bundles,
    queue: { send: async (message) => void queue.push(message) },
    sleep: async () => {
      for (const message of queue.splice(0)) {
        await consume(deps, [{ body: message, ack: () => undefined, retry: () => undefined }]);
      }
    },
    cache: new ResponseCache(world.clock, { lifetimeMs: 60_000, maxBytes: 1 << 20, maxEntryBytes: 1 << 18 }),
  };
  const app = createApp(deps);
  return async (request) => app(request);
}
