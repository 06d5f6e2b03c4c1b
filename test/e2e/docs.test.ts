import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientScript } from '../support/clients.ts';
import { type HubProcess, PACKAGE_PATH, startHubProcess, temporaryDirectory } from '../support/hub-process.ts';

const run = promisify(execFile);
const DEFAULT_URL = 'http://127.0.0.1:8787';
const NOT_RUN = /<!-- not run[^>]*-->\s*$/;

let hub: HubProcess;
let clawhub: string;
beforeAll(async () => {
  clawhub = await clientScript('clawhub-0-23', 'bin/clawdhub.js');
  hub = await startHubProcess({ args: [] });
});
afterAll(() => hub.stop('SIGINT'));

const pages = [
  'README.md',
  ...readdirSync(join(PACKAGE_PATH, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.startsWith('examples/'))
    .map((file) => join('docs', file)),
];

/** The commands of a page, but for those marked with a `not run` comment right before them. */
function commands(page: string): string[] {
  const text = readFileSync(join(PACKAGE_PATH, page), 'utf8');
  return [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
    .filter(({ index }) => !NOT_RUN.test(text.slice(0, index)))
    .map(([, block = '']) => block);
}

/** A folder in which `npx skills` and `npx wrangler` are what they are in the checkout. */
function workplace(): { cwd: string; env: NodeJS.ProcessEnv } {
  const cwd = temporaryDirectory();
  const bin = join(cwd, '.bin');
  mkdirSync(bin);
  const npx = `#!/bin/sh
[ "$1" = -y ] && shift
tool=$1; shift
case $tool in
  clawhub@0.23.3) exec '${process.execPath}' '${clawhub}' "$@" ;;
  skills) exec '${process.execPath}' '${PACKAGE_PATH}/cli/bin.js' "$@" ;;
  wrangler) cd '${PACKAGE_PATH}' && exec node_modules/.bin/wrangler "$@" ;;
esac
echo "no $tool here" >&2; exit 1
`;
  writeFileSync(join(bin, 'npx'), npx, { mode: 0o755 });
  const path = `${bin}:${join(PACKAGE_PATH, 'node_modules/.bin')}:${process.env.PATH}`;
  return {
    cwd,
    env: {
      ...process.env,
      PATH: path,
      // What `install -g` links for agents stays here.
      HOME: cwd,
      SKILLS_HOME: join(cwd, '.home'),
      SKILLS_REGISTRY: hub.url,
      CI: '1',
      WRANGLER_SEND_METRICS: 'false',
    },
  };
}

test.each(pages.filter((page) => commands(page).length > 0))(
  'the commands of %s run',
  async (page) => {
    const script = commands(page).join('\n').replaceAll(DEFAULT_URL, hub.url);
    const { cwd, env } = workplace();
    const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd, env });
    expect(stdout).not.toBe('');
  },
  60_000,
);

test('links between pages lead somewhere', () => {
  const broken = pages.flatMap((page) => {
    const text = readFileSync(join(PACKAGE_PATH, page), 'utf8');
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = '']) =>
      join(PACKAGE_PATH, page, '..', target),
    );
    return targets.filter((target) => !exists(target)).map((target) => `${page}: ${target}`);
  });
  expect(broken).toEqual([]);
});

function exists(path: string): boolean {
  try {
    readdirSync(path);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOTDIR';
  }
}
