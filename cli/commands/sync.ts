import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Command, Option } from 'clipanion';
import type { Client } from '../client.ts';
import { CodedError, usageError } from '../failure.ts';
import { RegistryCommand } from '../registry-command.ts';
import { BUMPS, type Bump } from '../sync/bump.ts';
import type { LocalSkill } from '../sync/local-skills.ts';
import type { Outcome } from '../sync/outcome.ts';
import type { Goal, SyncOptions } from '../sync/sync-skill.ts';

const AT_ONCE = 4;
const MOST_AT_ONCE = 16;

export class SyncCommand extends RegistryCommand {
  static override paths = [['sync']];
  static override usage = Command.Usage({
    category: 'Writing skills',
    description: 'Publish every skill of a folder that has changed.',
    details: `
      Finds the skills below a folder (ten levels deep, hidden folders and \`node_modules\` passed over), compares the digest of their
      files with the versions that the registry has, and publishes those that it does not have yet. A skill that fails does not stop
      the others; run it again to go on.

      A version never changes, so a changed skill needs a new one. It fails until its version is raised, unless \`--write\` does that:
      it writes the next number after the newest one of the registry into the files that state a version, or 1.0.0 into SKILL.md
      when there is none yet, and leaves the rest of the files as it is.

      With \`--json\`: \`dryRun\`, \`published\`, \`toPublish\`, \`unchanged\`, \`failed\` (how many), and \`skills\`: for each \`path\`, \`skill\`
      (\`@namespace/name\`), \`status\` (\`published\`, \`to-publish\` in a dry run, \`unchanged\`, \`failed\`), \`version\`, \`newest\` (of the registry, before),
      \`written\` (files); \`yanked\` (true) where the version with these files was yanked, \`current\` where it is older than that one; after a failure \`error\` with \`code\`, \`message\`, \`fix\`, and \`findings\` where a rule is broken.
    `,
    examples: [
      ['See what has changed', '$0 sync skills --dry-run'],
      ['Publish it, with the next minor version where it is needed', '$0 sync skills --write --bump minor'],
      ['In CI, with what is new', '$0 sync skills --changelog "See the release notes." --json'],
    ],
  });
  static override exitCodes = { 1: 'Some skills could not be published; the others were.' };

  folder = Option.String({ required: false, name: 'folder' });
  namespace = Option.String('--namespace', { description: 'The namespace; else that of the skill or of your key.' });
  write = Option.Boolean('--write', false, { description: 'Write the next version into skills that need one.' });
  bump = Option.String('--bump', { description: 'With --write: patch, minor or major; else patch.' });
  tags = Option.Array('--tag', [], { description: 'Tag what is published. May be given several times.' });
  changelog = Option.String('--changelog', { description: 'What is new, for all that is published.' });
  changelogFile = Option.String('--changelog-file', { description: 'The same, from a text file.' });
  private = Option.Boolean('--private', false, { description: 'Show new skills to keys of their namespace only.' });
  concurrency = Option.String('--concurrency', {
    description: `How many at once, up to ${MOST_AT_ONCE}; else ${AT_ONCE}.`,
  });
  dryRun = Option.Boolean('--dry-run', false, { description: 'Compare and tell, but upload and write nothing.' });

  #namespaces = new Map<string, Promise<string | null>>();

  protected async run(): Promise<number> {
    const [bump, atOnce] = [this.#bump(), this.#atOnce()];
    const [{ readTerms }, { inTurns }, { syncSkill }, { failed, succeeded }] = await Promise.all([
      import('../publish/terms.ts'),
      import('../in-turns.ts'),
      import('../sync/sync-skill.ts'),
      import('../sync/outcome.ts'),
    ]);
    const { clock, cwd } = this.context;
    const terms = await readTerms({ ...this, cwd });
    const options: SyncOptions = { clock, terms, namespace: this.namespace, dryRun: this.dryRun, bump };
    const { outcomes, skills } = await this.#read(await this.#find());
    this.endOnInterrupt(() => 'Interrupted; what was uploaded may be published. Run it again to go on.');
    const ended = await inTurns(skills, atOnce, async ({ local, goal, shown }) => {
      const ref = `@${goal.namespace}/${local.metadata.name}`;
      const written: string[] = [];
      const outcome = await syncSkill(local, goal, options, written).then(
        (synced) => succeeded(shown, ref, synced, written),
        (error: unknown) => failed(shown, ref, error, written),
      );
      await this.#tell(outcome);
      return outcome;
    });
    return this.#conclude([...outcomes, ...ended]);
  }

  #bump(): Bump | undefined {
    if (!this.write && this.bump !== undefined)
      throw usageError('--bump says how --write counts, and there is no --write.', 'Add --write, or leave it out.');
    const bump = BUMPS.find((each) => each === (this.bump ?? 'patch'));
    if (bump === undefined)
      throw usageError(`--bump ${this.bump} is no part of a version.`, 'Use patch, minor or major.');
    return this.write ? bump : undefined;
  }

  #atOnce(): number {
    const text = this.concurrency ?? String(AT_ONCE);
    if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST_AT_ONCE) return Number(text);
    throw usageError(`--concurrency ${text} cannot be.`, `Use a number from 1 to ${MOST_AT_ONCE}.`);
  }

  async #find(): Promise<string[]> {
    const { findSkills } = await import('../publish/find-skills.ts');
    const path = resolve(this.context.cwd, this.folder ?? '.');
    const found = await findSkills(path);
    if ((await stat(path)).isDirectory()) return found;
    throw usageError(`${path} is not a folder.`, 'Publish an archive with `skills publish`.');
  }

  /** The skills that can be read and where they go, and what became of the others. */
  async #read(paths: readonly string[]) {
    const [{ readLocalSkill }, { failed }, { shownPath }] = await Promise.all([
      import('../sync/local-skills.ts'),
      import('../sync/outcome.ts'),
      import('../validate/place.ts'),
    ]);
    const skills = new Map<string, { local: LocalSkill; goal: Goal; shown: string }>();
    const outcomes: Outcome[] = [];
    for (const path of paths) {
      const shown = shownPath(this.context.cwd, path);
      const local = await readLocalSkill(path).catch((error: unknown) => {
        outcomes.push(failed(shown, null, error));
      });
      if (local === undefined) continue;
      const goal = await this.#goalOf(local);
      const ref = `@${goal.namespace}/${local.metadata.name}`;
      const twin = skills.get(ref);
      if (twin === undefined) skills.set(ref, { local, goal, shown });
      else outcomes.push(failed(shown, ref, twice(ref, twin.shown)));
    }
    for (const outcome of outcomes) await this.#tell(outcome);
    return { outcomes, skills: [...skills.values()] };
  }

  /** @throws CodedError `unauthorized` without a key, before anything is sent; `usage` when nothing names a namespace */
  async #goalOf({ metadata }: LocalSkill): Promise<Goal> {
    const stated = metadata.namespace ?? this.namespace;
    const registry = await this.registryOf(stated);
    const client = await this.client(registry);
    if (!this.dryRun) await this.#requireKey(registry);
    const namespace = stated ?? (await this.#ownNamespace(client));
    if (namespace !== null) return { client, namespace };
    throw usageError('Nothing says which namespace the skills belong to.', 'Give --namespace, or log in with its key.');
  }

  async #requireKey(registry: string): Promise<void> {
    const { credentialFor } = await import('../registry.ts');
    const { token, fix } = await credentialFor(this.context, registry, await this.chosenRegistry());
    if (token !== undefined) return;
    throw new CodedError('unauthorized', `Publishing to ${registry} needs a key, and none is stored for it.`, fix, 4);
  }

  /** Of the key; asked once a registry. */
  #ownNamespace(client: Client): Promise<string | null> {
    const own = this.#namespaces.get(client.registry) ?? client.whoami().then(({ namespace }) => namespace);
    this.#namespaces.set(client.registry, own);
    return own;
  }

  async #tell(outcome: Outcome): Promise<void> {
    const { outcomeLines } = await import('../sync/outcome.ts');
    for (const line of outcomeLines(this, outcome)) this.print(line);
  }

  #conclude(outcomes: readonly Outcome[]): number {
    const skills = [...outcomes].sort((a, b) => (a.path < b.path ? -1 : 1));
    const count = (status: Outcome['status']) => skills.filter((skill) => skill.status === status).length;
    const [published, toPublish] = [count('published'), count('to-publish')];
    const [unchanged, failed] = [count('unchanged'), count('failed')];
    this.answer({ dryRun: this.dryRun, published, toPublish, unchanged, failed, skills });
    const done = this.dryRun ? `${toPublish} to publish` : `${published} published`;
    this.print(`${done}, ${unchanged} unchanged, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  }
}

function twice(ref: string, path: string): CodedError {
  return new CodedError('duplicate_skill', `${path} is ${ref} as well.`, 'Give one of them another name.');
}
