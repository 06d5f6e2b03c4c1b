import fc from 'fast-check';
import satisfies from 'semver/functions/satisfies.js';
import { expect, it } from 'vitest';
import { CodedError } from '../../../cli/failure.ts';
import { addressText, type Plan, resolveDependencies } from '../../../cli/resolve/resolve-dependencies.ts';
import { type Graph, readWish, sourceOf, wanted } from './graph.ts';

const NAMES = ['@a/p', '@a/q', '@b/p', '@b/r'];
/** The newest first, which is how they are chosen. */
const VERSIONS = ['2.0.0', '2.0.0-rc.1', '1.1.0', '1.0.0'];
const RANGES = ['*', '^1', '1.0.0', '^2', '<2', '>=2.0.0-rc.0', '1.0.0 || 2.0.0', '^3'];
const RUNS = 2_000;

type Assignment = ReadonlyMap<string, string>;

const wish = fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...RANGES)).map((parts) => parts.join('@'));
const optionalWish = fc.tuple(wish, fc.integer({ min: 0, max: 3 })).map(([text, n]) => (n === 0 ? `${text}?` : text));
const version = fc.record({
  wants: fc.array(optionalWish, { maxLength: 3 }),
  yanked: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
});
const graphs: fc.Arbitrary<Graph> = fc.dictionary(
  fc.constantFrom(...NAMES),
  fc.dictionary(fc.constantFrom(...VERSIONS), version, { minKeys: 1 }),
);
const wishes = fc.array(optionalWish, { minLength: 1, maxLength: 3 });
const locks = fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom(...VERSIONS), { maxKeys: 2 });

it('finds a solution exactly when a brute force does, and what it finds holds', async () => {
  const seen = { solved: 0, refused: 0 };
  const property = fc.asyncProperty(graphs, wishes, locks, async (graph, texts, lock) => {
    const required = texts.filter((text) => !text.endsWith('?'));
    const solutions = [...allAssignments(graph, lock)].filter((one) => isSolution(graph, required, one));
    const answer = await tryResolve(graph, texts, lock);
    if (answer === undefined) {
      seen.refused++;
      expect(solutions).toEqual([]);
      return;
    }
    seen.solved++;
    expect(isSolution(graph, required, chosenBy(answer))).toBe(true);
    expect(isNeeded(graph, texts, chosenBy(answer))).toBe(true);
  });
  await fc.assert(property, { numRuns: RUNS });
  expect(Math.min(seen.solved, seen.refused)).toBeGreaterThan(RUNS / 10);
});

it('gives what was wanted first the best version that any solution has', async () => {
  const property = fc.asyncProperty(graphs, wishes, locks, async (graph, texts, lock) => {
    const required = texts.filter((text) => !text.endsWith('?'));
    const answer = await tryResolve(graph, texts, lock);
    const [first] = required;
    if (answer === undefined || first === undefined) return;
    const { name } = readWish(first);
    const solutions = [...allAssignments(graph, lock)].filter((one) => isSolution(graph, required, one));
    const possible = new Set(solutions.map((one) => one.get(name)));
    const best = [lock[name], ...VERSIONS].find((candidate) => candidate !== undefined && possible.has(candidate));
    expect(chosenBy(answer).get(name)).toBe(best);
  });
  await fc.assert(property, { numRuns: RUNS / 2 });
});

it('leaves a lock alone that still holds', async () => {
  const property = fc.asyncProperty(graphs.map(withoutOptional), wishes, async (graph, texts) => {
    const required = texts.filter((text) => !text.endsWith('?'));
    for (const solution of allAssignments(graph, {})) {
      if (!isSolution(graph, required, solution)) continue;
      const answer = await tryResolve(graph, required, Object.fromEntries(solution));
      const chosen = chosenBy(answer ?? { skills: [], leftOut: [] });
      for (const [name, locked] of solution) if (chosen.has(name)) expect(chosen.get(name)).toBe(locked);
      expect(isSolution(graph, required, chosen)).toBe(true);
    }
  });
  await fc.assert(property, { numRuns: RUNS / 10 });
});

it('lets optional skills change nothing, and leaves out only what does not fit', async () => {
  let leftOut = 0;
  const property = fc.asyncProperty(graphs, wishes, locks, async (graph, texts, lock) => {
    const answer = await tryResolve(graph, texts, lock);
    if (answer === undefined) return;
    const chosen = chosenBy(answer);
    const without = await tryResolve(
      withoutOptional(graph),
      texts.filter((text) => !text.endsWith('?')),
      lock,
    );
    for (const { namespace, name, version } of without?.skills ?? []) {
      expect(chosen.get(addressText({ namespace, name }))).toBe(version);
    }
    for (const { wanted: left } of answer.leftOut) {
      leftOut++;
      const extended = [...allAssignments(graph, lock)].filter(
        (one) =>
          [...chosen].every(([name, version]) => one.get(name) === version) &&
          isSolution(graph, [`${addressText(left)}@${left.range}`], one),
      );
      expect(extended).toEqual([]);
    }
    const optional = answer.skills.flatMap(({ dependencies }) => dependencies).filter((one) => one.optional);
    const isIn = (one: (typeof optional)[number]) => satisfies(chosen.get(addressText(one)) ?? '', one.range);
    const isOut = (one: (typeof optional)[number]) => answer.leftOut.some(({ wanted: left }) => left === one);
    expect(optional.filter((one) => !isIn(one) && !isOut(one))).toEqual([]);
  });
  await fc.assert(property, { numRuns: RUNS });
  expect(leftOut).toBeGreaterThan(RUNS / 20);
});

async function tryResolve(graph: Graph, texts: string[], lock: Record<string, string>): Promise<Plan | undefined> {
  try {
    return await resolveDependencies(wanted(...texts), sourceOf(graph).source, new Map(Object.entries(lock)));
  } catch (error) {
    const refusals = ['not_found', 'dependency_missing', 'dependency_conflict'];
    if (error instanceof CodedError && refusals.includes(error.code)) return undefined;
    throw error;
  }
}

const chosenBy = ({ skills }: Plan): Assignment => new Map(skills.map((one) => [addressText(one), one.version]));

/** Every way to have one version of some skills, of those that may be chosen. */
function* allAssignments(
  graph: Graph,
  lock: Record<string, string>,
  names = Object.keys(graph),
): Generator<Assignment> {
  const [name, ...others] = names;
  if (name === undefined) {
    yield new Map();
    return;
  }
  const versions = Object.entries(graph[name] ?? {})
    .filter(([version, its]) => !('yanked' in its && its.yanked) || lock[name] === version)
    .map(([version]) => version);
  for (const rest of allAssignments(graph, lock, others)) {
    yield rest;
    for (const version of versions) yield new Map([...rest, [name, version]]);
  }
}

function wantsOf(graph: Graph, name: string, version: string): readonly string[] {
  const its = graph[name]?.[version] ?? [];
  return 'wants' in its ? its.wants : its;
}

/** Everything that is wanted and needed is there, in its range. */
function isSolution(graph: Graph, required: readonly string[], assignment: Assignment): boolean {
  const needed = [...assignment].flatMap(([name, version]) => wantsOf(graph, name, version));
  return [...required, ...needed.filter((text) => !text.endsWith('?'))].every((text) => {
    const { name, range } = readWish(text);
    return satisfies(assignment.get(name) ?? '', range);
  });
}

/** Nothing is there that nobody asked for. */
function isNeeded(graph: Graph, texts: readonly string[], assignment: Assignment): boolean {
  const reached = new Set<string>();
  const open = [...texts];
  for (const text of open) {
    const { name, range } = readWish(text);
    const version = assignment.get(name);
    if (version === undefined || reached.has(name) || !satisfies(version, range)) continue;
    reached.add(name);
    open.push(...wantsOf(graph, name, version));
  }
  return reached.size === assignment.size;
}

function withoutOptional(graph: Graph): Graph {
  const strip = (texts: readonly string[]) => texts.filter((text) => !text.endsWith('?'));
  return Object.fromEntries(
    Object.entries(graph).map(([name, versions]) => [
      name,
      Object.fromEntries(
        Object.entries(versions).map(([version, its]) => [
          version,
          'wants' in its ? { ...its, wants: strip(its.wants) } : strip(its),
        ]),
      ),
    ]),
  );
}
