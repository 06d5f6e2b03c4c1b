import { argv, env } from 'node:process';
import { pathToFileURL } from 'node:url';
import { readSituation } from '../../cli/install/situation.ts';
import { install, type Target, type WantedSkill } from '../../cli/installer.ts';
import { withScope } from '../../cli/project/exclusive.ts';
import { projectScope, type Scope } from '../../cli/project/scope.ts';
import { fileSteps } from '../../cli/project/steps.ts';
import { treeDigest } from '../../src/format/digest.ts';
import { skill } from '../support/bundles.ts';

/** `@acme/pdf-tools`, ready to be installed. */
export async function pdfTools(version: string, agents: string[]): Promise<WantedSkill> {
  const bundle = skill({ version, files: { 'scripts/run.sh': version } });
  const record = {
    namespace: 'acme',
    name: 'pdf-tools',
    version,
    registry: 'https://one.example',
    sha256: 'a'.repeat(64),
    treeDigest: await treeDigest(bundle),
    keyId: 'k',
    agents,
  };
  return { record, bundle };
}

/** What a project has. */
export async function beforeOf(scope: Scope): Promise<Pick<Target, 'before' | 'onDisk'>> {
  const { records: before, onDisk } = await readSituation(scope);
  return { before, onDisk };
}

/** Updates a project and kills this process when the old folder is out of the way. */
async function main(cwd: string, home: string): Promise<void> {
  const scope = projectScope(cwd);
  const clock = { now: () => Date.now(), sleep: async () => undefined };
  const context = { cwd, home, env, clock };
  await withScope(context, scope, async (journal) => {
    const target = { scope, ...(await beforeOf(scope)), after: [await pdfTools('1.1.0', ['claude-code'])] };
    const rename = async (from: string, to: string) => {
      await fileSteps.rename(from, to);
      process.kill(process.pid, 'SIGKILL');
    };
    await install(context, journal, target, { ...fileSteps, rename });
  });
}

const [, script = '', cwd, home] = argv;
if (cwd !== undefined && home !== undefined && import.meta.url === pathToFileURL(script).href) await main(cwd, home);

/** What a project with `pdfTools` alone holds, whichever version. */
export const SETTLED = [
  '.agents',
  '.agents/skills',
  '.agents/skills/.installed.json',
  '.agents/skills/pdf-tools',
  '.agents/skills/pdf-tools/SKILL.md',
  '.agents/skills/pdf-tools/scripts',
  '.agents/skills/pdf-tools/scripts/run.sh',
  'skills.lock',
];
