import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type HubProcess, startHubProcess, temporaryDirectory } from '../support/hub-process.ts';
import { openTerminal } from '../support/pseudo-terminal.ts';

const CTRL_C = '\u0003';
const ESCAPE = '\u001b[';

let hub: HubProcess;
beforeAll(async () => {
  hub = await startHubProcess({ args: [] });
}, 120_000);
afterAll(() => hub.stop('SIGINT'));

function place(): { cwd: string; env: Record<string, string> } {
  const home = temporaryDirectory();
  const cwd = join(home, 'work');
  mkdirSync(cwd);
  return { cwd, env: { HOME: home, SKILLS_REGISTRY: hub.url } };
}

test('on a terminal there are colours and a bar, which is gone in the end', async () => {
  const terminal = openTerminal(['install', '@examples/csv-summary'], place());
  expect([await terminal.ended, terminal.shown()]).toEqual([0, expect.stringContaining('✓')]);
  expect(terminal.shown()).toContain(`${ESCAPE}32m✓`);
  expect(terminal.shown()).toMatch(/\rdownloading \[#{24}\] \d+ B/);
  const afterTheBar = terminal.shown().slice(terminal.shown().lastIndexOf('\r\u001b[2K'));
  expect(afterTheBar).not.toContain('downloading');
});

test('the bar fits a narrow terminal', async () => {
  const terminal = openTerminal(['install', '@examples/csv-summary'], { ...place(), columns: 40 });
  expect(await terminal.ended, terminal.shown()).toBe(0);
  const bars = terminal.shown().match(/downloading \[[^\r]*/g) ?? [];
  expect(bars.length).toBeGreaterThan(0);
  for (const bar of bars) expect(bar.length).toBeLessThanOrEqual(40);
});

test('NO_COLOR leaves the colours away', async () => {
  const { cwd, env } = place();
  const terminal = openTerminal(['search', 'csv'], { cwd, env: { ...env, NO_COLOR: '1' } });
  expect([await terminal.ended, terminal.shown()]).toEqual([0, expect.stringContaining('csv-summary')]);
  expect(terminal.shown()).not.toContain(ESCAPE);
});

test('init asks, and takes what is typed', async () => {
  const { cwd, env } = place();
  const terminal = openTerminal(['init', 'meeting-notes'], { cwd, env });
  await terminal.type('Description', 'Turns the notes of a meeting into decisions and tasks.\r');
  await terminal.type('icence', 'MIT\r');
  expect([await terminal.ended, terminal.shown()]).toEqual([0, expect.stringContaining('meeting-notes')]);
  expect(readFileSync(join(cwd, 'meeting-notes/SKILL.md'), 'utf8')).toContain(
    'Turns the notes of a meeting into decisions and tasks.',
  );
});

test('a key that is asked for is not shown, and Ctrl-C ends the question', async () => {
  const { cwd, env } = place();
  const secret = `skh_${'5'.repeat(64)}`;
  const asked = openTerminal(['login', '--token', '-'], { cwd, env });
  await asked.type('Key: ', `${secret}\r`);
  expect([await asked.ended, asked.shown()]).toEqual([
    4,
    expect.stringContaining('This API key is unknown or revoked.'),
  ]);
  expect(asked.shown()).not.toContain(secret);
  const interrupted = openTerminal(['login', '--token', '-'], { cwd, env });
  await interrupted.type('Key: ', CTRL_C);
  expect(await interrupted.ended).toBe(130);
});
