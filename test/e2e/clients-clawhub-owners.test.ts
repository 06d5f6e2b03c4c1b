import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ClawhubHome, clawhubPublisher } from '../support/clawhub-client.ts';
import { type HubProcess, startHubProcess } from '../support/hub-process.ts';
import { skill } from '../support/skills.ts';

let hub: HubProcess;
beforeAll(async () => {
  hub = await startHubProcess();
}, 120_000);
afterAll(() => hub.stop('SIGINT'));

const user = (namespace: string) => clawhubPublisher('0.23.3', hub.url, namespace);

/** Writes a skill into the client's working directory and publishes it. */
async function publish({ workdir, ok }: ClawhubHome, name: string, ...args: string[]): Promise<string> {
  mkdirSync(join(workdir, name));
  for (const { path, bytes } of skill({ name, version: null }).files) writeFileSync(join(workdir, name, path), bytes);
  return ok('publish', name, ...args);
}

test('a transfer is requested, listed, rejected, cancelled and accepted', async () => {
  const ada = await user('ada');
  const bea = await user('bea');
  await publish(ada, 'field-notes');
  await ada.ok('install', 'field-notes');
  const request = ['transfer', 'request', 'field-notes', '@bea', '--message', 'Yours.', '--yes'];
  expect(await ada.ok(...request)).toContain('Transfer requested for field-notes to @bea');
  const twice = await ada.run(...request);
  expect(twice.code).toBe(1);
  expect(twice.output).toContain('A transfer of @ada/field-notes is pending already. Cancel it first.');
  expect(await ada.ok('transfer', 'list', '--outgoing')).toContain('field-notes -> @bea (expires in 7d)');
  expect(await bea.ok('transfer', 'list')).toContain('field-notes -> @ada (expires in 7d)');

  expect(await bea.ok('transfer', 'reject', 'field-notes', '--yes')).toContain('Transfer rejected (field-notes)');
  expect(await bea.ok('transfer', 'list')).toContain('No incoming transfers.');
  await ada.ok(...request);
  expect(await ada.ok('transfer', 'cancel', 'field-notes', '--yes')).toContain('Transfer cancelled (field-notes)');
  await ada.ok(...request);
  expect(await bea.ok('transfer', 'accept', '@ada/field-notes', '--yes')).toContain('Transfer accepted (field-notes)');

  expect(await ada.ok('inspect', 'field-notes')).toContain('bea');
  const denied = await ada.run('delete', 'field-notes', '--yes');
  expect(denied.code).toBe(1);
  expect(denied.output).toContain("Your key belongs to the namespace 'ada', not to 'bea'.");
  expect(await bea.ok('delete', '@bea/field-notes', '--yes')).toContain('Deleted @bea/field-notes');
  expect(await bea.ok('undelete', 'field-notes', '--yes')).toContain('Undeleted field-notes');
}, 120_000);

test('a publisher is created, published under, and given a skill at once', async () => {
  const cleo = await user('cleo');
  expect(await cleo.ok('publisher', 'create', '@Cleo-Labs', '--display-name', 'Cleo Labs')).toContain(
    'OK. Created publisher @cleo-labs.',
  );
  const again = await cleo.run('publisher', 'create', 'cleo-labs');
  expect(again.code).toBe(1);
  expect(again.output).toContain("The namespace 'cleo-labs' is taken. Choose another name.");
  expect(await publish(cleo, 'star-charts', '--owner', 'cleo-labs')).toContain(
    'Published star-charts@1.0.0 (cleo-labs/star-charts@1.0.0)',
  );
  await publish(cleo, 'tide-tables');
  expect(await cleo.ok('transfer', 'request', 'tide-tables', 'cleo-labs', '--yes')).toContain(
    'Transferred tide-tables to @cleo-labs',
  );
  await cleo.ok('install', '@cleo-labs/tide-tables');
}, 120_000);

test('a version is scanned, and what was found comes as a zip', async () => {
  const dora = await user('dora');
  const emil = await user('emil');
  await publish(dora, 'cloud-atlas');
  const output = await dora.ok('scan', '--slug', '@dora/cloud-atlas', '--update', '-o', 'scan.zip');
  for (const line of ['Status: SUCCEEDED', 'Written back: yes', 'Status: CLEAN', 'Summary: Nothing was found.']) {
    expect(output).toContain(line);
  }
  const report = (file: string) => {
    const files = unzipSync(readFileSync(join(dora.workdir, file)));
    return JSON.parse(strFromU8(files['report.json'] ?? new Uint8Array()));
  };
  expect(report('scan.zip')).toMatchObject({ source: 'scan', artifact: { slug: 'cloud-atlas', version: '1.0.0' } });
  await dora.ok('scan', 'download', 'cloud-atlas', '--version', '1.0.0', '-o', 'stored.zip');
  expect(report('stored.zip')).toEqual(report('scan.zip'));
  const json = JSON.parse((await dora.ok('scan', '--slug', 'cloud-atlas', '--json')).replace(/^[^{]*/, ''));
  expect(json).toMatchObject({ status: 'succeeded', artifact: { ownerHandle: 'dora' } });

  const foreign = await emil.run('scan', 'download', 'cloud-atlas', '--version', '1.0.0');
  expect(foreign.code).toBe(1);
  expect(foreign.output).toContain('Skill not found');
}, 120_000);
