import { type Address, addressesIn } from './hosts.ts';
import type { SinkLabel, SourceLabel } from './rule.ts';
import { sourcesIn } from './signals/index.ts';
import { definedIn, handlesOf, PATH_LIKE, type Step, splitUnit, stepOf, UNPACKED_NAME } from './statement.ts';
import type { Unit } from './units.ts';

/** Data that one statement took from somewhere and the same or another statement passes on. */
export interface Flow {
  from: SourceLabel;
  to: SinkLabel;
  source: Unit;
  sink: Unit;
  sourceAddresses: Address[];
  sinkAddresses: Address[];
  /** The sink runs something out of an archive that holds the data, not the data itself. */
  isIndirect: boolean;
  /** The sink takes such data from somewhere by itself, so that the source may have nothing to do with it. */
  isOwn: boolean;
}

interface Origin {
  from: SourceLabel;
  step: Step;
  isIndirect: boolean;
  /** The name by which the data came to the statement that uses it. */
  via?: string;
}

const COMMENT = /^\s*(?:#(?!!)|\/\/|--\s|\*\s)/;
const NOTHING: ReadonlySet<SourceLabel> = new Set();
const MAX_STEPS = 6000;
const MAX_ORIGINS = 6;
/** A function that is called before the statement that defines it needs a further round. */
const ROUNDS = 3;

const UNPACKED = /\b(?:unzip|tar\s+-?\w*x|7z\s+[xe]|Expand-Archive|extractall|gunzip|hdiutil\s+attach)\b/i;

/**
 * Follows data through a segment of code: what a statement reads taints the names it assigns and the files it writes,
 * and a statement that uses such a name passes it on. Scopes are not told apart, so this errs on the side of finding.
 * Three passes, each linear in the number of statements; at most 6,000 statements are looked at.
 */
export function findFlows(units: readonly Unit[]): Flow[] {
  const found = units
    .filter((unit) => !COMMENT.test(unit.text))
    .flatMap(splitUnit)
    .slice(0, MAX_STEPS)
    .map((unit) => ({ unit, sources: unit.mayRead === false ? NOTHING : sourcesIn(unit.text) }));
  if (!found.some(({ sources }) => sources.size > 0)) return [];
  const steps = found.map(stepOf);
  const addresses = namedAddresses(steps);
  const functions = functionsOf(steps);
  for (const [handle, names] of handlesOf(steps)) functions.set(handle, [...(functions.get(handle) ?? []), ...names]);
  const tainted = new Map<string, Origin[]>();
  const flows = new Map<string, Flow>();
  for (let round = 0; round < ROUNDS; round++) {
    pass(steps, tainted, functions, (step, origins) => record(step, origins, addresses, flows));
  }
  return [...flows.values()];
}

/** What a command for keys prints here is for everybody to see. */
const GIVES_PUBLIC_KEY = /\bsolana(?:-keygen)?\s+(?:address|pubkey)\b|\bssh-keygen\s[^\n|;&]{0,40}-y\b/;

function pass(
  steps: readonly Step[],
  tainted: Map<string, Origin[]>,
  functions: ReadonlyMap<string, readonly string[]>,
  found: (step: Step, origins: readonly Origin[]) => void,
): void {
  let current: string | undefined;
  for (const step of steps) {
    const { text } = step.unit;
    current = definedIn(text)?.name ?? (/^\S/.test(text) ? undefined : current);
    if (GIVES_PUBLIC_KEY.test(text)) continue;
    const origins = originsOf(step, tainted);
    if (origins.length === 0) continue;
    found(step, origins);
    for (const name of step.sets()) taint(tainted, name, origins);
    if (collects(step)) for (const name of step.uses()) if (PATH_LIKE.test(name)) taint(tainted, name, origins);
    if (UNPACKED.test(text)) taint(tainted, UNPACKED_NAME, origins);
    if (current !== undefined && /\breturn\b|\byield\b/.test(text)) taint(tainted, current, origins);
    for (const name of step.uses()) {
      for (const parameter of functions.get(name) ?? []) taint(tainted, parameter, origins);
    }
  }
}

/** A command that takes local data mostly writes it to one of the files that it names. */
function collects({ sources }: Step): boolean {
  return sources.has('user-data') || sources.has('secret') || sources.has('environment');
}

function originsOf(step: Step, tainted: Map<string, Origin[]>): Origin[] {
  const origins: Origin[] = [...step.sources].map((from) => ({ from, step, isIndirect: false }));
  if (tainted.size === 0) return origins;
  for (const name of step.uses()) {
    for (const origin of tainted.get(name) ?? tainted.get(name.slice(name.lastIndexOf('/') + 1)) ?? []) {
      if (origins.some((known) => known.from === origin.from && known.step === origin.step)) continue;
      origins.push({ ...origin, via: name, isIndirect: origin.isIndirect || name === UNPACKED_NAME });
    }
  }
  return origins;
}

function taint(tainted: Map<string, Origin[]>, name: string, origins: readonly Origin[]): void {
  const known = tainted.get(name) ?? [];
  for (const origin of origins) {
    if (known.length < MAX_ORIGINS && !known.some((other) => other.from === origin.from && other.step === origin.step))
      known.push(origin);
  }
  tainted.set(name, known);
}

function record(step: Step, origins: readonly Origin[], named: Map<string, Address[]>, flows: Map<string, Flow>): void {
  for (const to of step.sinks()) {
    for (const { from, step: origin, isIndirect, via } of origins) {
      if (to === 'run-file' && via !== undefined && !isRun(via, step.unit.text)) continue;
      const key = `${from} ${to} ${step.unit.lineAt(0)} ${origin.unit.lineAt(0)}`;
      if (flows.has(key) || flows.size > 200) continue;
      flows.set(key, {
        from,
        to,
        source: origin.unit,
        sink: step.unit,
        sourceAddresses: addressesOf(origin, named),
        sinkAddresses: addressesOf(step, named),
        isIndirect,
        isOwn: origin !== step && step.sources.has(from),
      });
    }
  }
}

/** What stands before the name of a program, as opposed to one of its arguments. */
const RUNS_NEXT =
  /(?:^|[;&|(`]|\b(?:sudo|nohup|exec|then|do|else|source|start|env|setsid|open|installer|msiexec|command)|(?:^|\s)\.|\bchmod\s+\S+|(?:^|[\s/])(?:ba|z|da|k)?sh(?:\s+-\w+)*|\b(?:python[\d.]*|node|perl|ruby|php|pwsh|powershell)(?:\s+-\w+)*|-pkg|\/i)\s*["']?$/;

/** Running a file needs its path or a variable for it; another word that both lines have means nothing. */
function isRun(name: string, text: string): boolean {
  if (name === UNPACKED_NAME || PATH_LIKE.test(name)) return true;
  if (text.includes(`(${name}`) || text.includes(`${name}.chmod(`)) return true;
  const at = [`$${name}`, `\${${name}`].map((form) => text.indexOf(form)).find((found) => found !== -1);
  return at !== undefined && RUNS_NEXT.test(text.slice(0, at));
}

/** The addresses that names stand for: `HOOK = 'https://…'`. */
function namedAddresses(steps: readonly Step[]): Map<string, Address[]> {
  const named = new Map<string, Address[]>();
  for (const step of steps) {
    const found = addressesIn(step.unit.text);
    if (found.length > 0) for (const name of step.sets()) named.set(name, found);
  }
  return named;
}

function addressesOf(step: Step, named: Map<string, Address[]>): Address[] {
  const own = addressesIn(step.unit.text);
  return own.length > 0
    ? own
    : step
        .uses()
        .flatMap((name) => named.get(name) ?? [])
        .slice(0, 20);
}

function functionsOf(steps: readonly Step[]): Map<string, readonly string[]> {
  const functions = new Map<string, readonly string[]>();
  for (const { unit } of steps) {
    const defined = definedIn(unit.text);
    if (defined !== undefined && defined.parameters.length > 0) functions.set(defined.name, defined.parameters);
  }
  return functions;
}
