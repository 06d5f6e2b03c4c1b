import { Option } from 'clipanion';
import type { Finding } from '../../src/format/finding.ts';
import { offlineError, offlineOption } from '../cache/offline.ts';
import type { CliContext } from '../context.ts';
import { formatFinding } from '../findings.ts';
import type { Target, WantedSkill } from '../installer.ts';
import { Progress } from '../progress.ts';
import type { Scope } from '../project/scope.ts';
import { RegistryCommand } from '../registry-command.ts';
import type { LeftOut } from '../resolve/plan.ts';
import type { RegistryPool } from './registry-pool.ts';
import type { Moves } from './report.ts';
import type { Situation } from './situation.ts';

/** What a command is about to do. */
export interface Work {
  situation: Situation;
  pool: RegistryPool;
}

/** What a scope shall be like afterwards. */
export interface Result {
  after: WantedSkill[];
  /** The text for `skills.json`, if it changes. */
  manifest?: string;
  leftOut?: readonly LeftOut[];
  moved?: Moves;
  /** What looks doubtful about skills that nobody vetted. */
  doubts?: readonly Finding[];
  /** What is told of although nothing about it changed. */
  asked?: ReadonlySet<string>;
}

function targetOf({ scope, records: before, onDisk }: Situation, { after, manifest }: Result): Target {
  return { scope, before, onDisk, after, ...(manifest ? { manifest } : {}) };
}

/** A command that installs skills out of registries. */
export abstract class InstallingCommand extends RegistryCommand {
  override offline = offlineOption();
  trustKeys = Option.Array('--trust-key', [], {
    description: 'The id of a new key of the registry to trust from now on; ask its operator first.',
  });
  trustPublishers = Option.Array('--trust-publisher', [], {
    description: "The fingerprint of a publisher's new key to trust from now on; ask the publisher first.",
  });

  #isWriting = false;

  /**
   * Brings the project, or the user's skills, to what `plan` says, and tells of it. Ctrl-C ends the command as long as nothing
   * is written; from then on it runs to its end.
   *
   * @param plan writes nothing
   */
  protected async changeScope(global: boolean, plan: (work: Work) => Promise<Result>): Promise<number> {
    this.endOnInterrupt(() => (this.#isWriting ? undefined : 'Interrupted; nothing was installed.'));
    const [{ scopeOf }, { withScope }, { readSituation }] = await Promise.all([
      import('../project/scope.ts'),
      import('../project/exclusive.ts'),
      import('./situation.ts'),
    ]);
    const scope = scopeOf(this.context, global);
    const change = async (journal: string) => {
      const situation = await readSituation(scope);
      const progress = new Progress(this.context, 'downloading', this.json);
      const pool = await this.#openPool(scope, progress);
      const result = await plan({ situation, pool }).finally(() => progress.done());
      const tell = await this.prepareReport(situation, result);
      const target = targetOf(situation, result);
      if (this.isTrial) await this.#noteHandChanges(target);
      else await this.#write(journal, pool, target);
      tell();
    };
    await withScope(this.context, scope, change, (line) => this.note(line));
    return 0;
  }

  /** The world without what --offline forbids. */
  protected get reachable(): CliContext {
    if (!this.isOffline) return this.context;
    return { ...this.context, fetch: (url) => Promise.reject(offlineError(new URL(url).origin)) };
  }

  /** Whether nothing shall be written. */
  protected get isTrial(): boolean {
    return false;
  }

  /** Installs what `skills.lock` says. */
  protected runFrozen(): Promise<number> {
    return this.changeScope(false, async ({ situation, pool }) => {
      const [{ collectLocked, requireLocked, requireProject }, { readRequest }, { readSource }] = await Promise.all([
        import('./frozen.ts'),
        import('./requests.ts'),
        import('./sources.ts'),
      ]);
      await requireProject(situation);
      requireLocked(situation);
      const { scope } = situation;
      const read = (wanted: string) => readSource(this.reachable, scope, readRequest(wanted, scope.root));
      return { after: await collectLocked(situation, pool, read, (line) => this.note(line)) };
    });
  }

  async #openPool(scope: Scope, progress: Progress): Promise<RegistryPool> {
    const [{ RegistryPool }, { Registries }] = await Promise.all([
      import('./registry-pool.ts'),
      import('../registries.ts'),
    ]);
    return new RegistryPool(this.context, {
      registries: await Registries.open(this.context, this.registry, { global: scope.kind === 'global' }),
      connect: (registry) => this.client(registry),
      cache: await this.cache(),
      progress,
      trustKeys: this.trustKeys,
      trustPublishers: this.trustPublishers,
      isNamed: this.registry !== undefined,
    });
  }

  /** Once everything about it is known to be good. */
  async #write(journal: string, pool: RegistryPool, target: Target): Promise<void> {
    const [{ install }, { keptNote }] = await Promise.all([
      import('../installer.ts'),
      import('../project/changed-files.ts'),
    ]);
    await pool.checkTrust();
    const beforeWriting = async () => {
      for (const line of await pool.keepTrust()) this.note(line);
      this.#isWriting = true;
    };
    for (const kept of await install(this.context, journal, { ...target, beforeWriting })) this.note(keptNote(kept));
  }

  /** What would be kept of the user's, if this were no trial. */
  async #noteHandChanges(target: Target): Promise<void> {
    const [{ handChanges }, { wouldKeepNote }] = await Promise.all([
      import('../installer.ts'),
      import('../project/changed-files.ts'),
    ]);
    for (const place of await handChanges(this.context, target)) this.note(wouldKeepNote(this.context, place));
  }

  /** What is told when all is done, made ready while all is as it was. */
  protected async prepareReport(situation: Situation, result: Result): Promise<() => void> {
    const { describe, leftOutBody, lineOf, neededByOf, removedFrom } = await import('./report.ts');
    const { linkLines } = await import('./link-lines.ts');
    const { keyOfRecord, labelOf } = await import('../project/record.ts');
    const { after, leftOut = [], moved = [], doubts = [], asked = new Set() } = result;
    const told = after
      .map((skill) => describe(situation, skill, moved))
      .filter((skill) => skill.change !== 'kept' || asked.has(keyOfRecord(skill)));
    const removed = removedFrom(situation, after, moved);
    const links = linkLines(this.context, situation, after, moved);
    const { kind, root } = situation.scope;
    return () => {
      this.answer({ scope: kind, root, installed: told, removed, leftOut: leftOut.map(leftOutBody), doubts });
      this.tellBeside(result);
      for (const skill of told) {
        const needed = asked.has(keyOfRecord(skill)) ? [] : neededByOf(situation, after, keyOfRecord(skill));
        this.print(`${this.paint('green', '✓')} ${lineOf(skill, needed)}`);
      }
      for (const line of links) this.print(`  ${line}`);
      for (const record of removed) this.print(`- ${labelOf(record)} is removed: nothing needs it any more.`);
      if (told.length + removed.length > 0) return;
      this.print(`All is installed: ${after.length} ${after.length === 1 ? 'skill' : 'skills'}.`);
    };
  }

  /** Notes on doubts, on names that changed, and on what was left out. */
  protected tellBeside({ leftOut = [], moved = [], doubts = [] }: Result): void {
    for (const finding of doubts) this.note(formatFinding(this.context, finding));
    for (const [former, now] of moved) this.note(`note: ${former} is called ${now} now.`);
    for (const { wanted, reason } of leftOut) {
      this.note(
        `note: ${wanted.path.at(-1)} goes without ${wanted.name}@${wanted.range}, which is optional: ${reason}`,
      );
    }
  }
}
