import { describe, expect, it } from 'vitest';
import { CodedError } from '../../../cli/failure.ts';
import { addressText, type Plan, resolveDependencies } from '../../../cli/resolve/resolve-dependencies.ts';
import { type Graph, sourceOf, wanted } from './graph.ts';

const resolve = (graph: Graph, wishes: string[], prefer: Record<string, string> = {}) =>
  resolveDependencies(wanted(...wishes), sourceOf(graph).source, new Map(Object.entries(prefer)));

const summary = ({ skills }: Plan) => skills.map((skill) => `${addressText(skill)}@${skill.version}`);

async function failure(promise: Promise<unknown>) {
  const error = await promise.catch((error) => error);
  if (!(error instanceof CodedError)) throw error;
  const { code, message, fix } = error;
  return { code, message, fix };
}

describe('the choice of versions', () => {
  const graph = {
    '@a/x': { '1.0.0': [], '1.2.0': [], '1.10.0': [], '2.0.0': { wants: [], yanked: true }, '3.0.0-rc.1': [] },
  };

  it.each([
    ['@a/x@*', '1.10.0'],
    ['@a/x@latest', '1.10.0'],
    ['@a/x@~1.2', '1.2.0'],
    ['@a/x@1.0.0', '1.0.0'],
    ['@a/x@3.0.0-rc.1', '3.0.0-rc.1'],
    ['@a/x@>=3.0.0-beta', '3.0.0-rc.1'],
  ])('%s is %s', async (wish, version) => {
    expect(summary(await resolve(graph, [wish]))).toEqual([`@a/x@${version}`]);
  });

  it('keeps what is locked while it fits', async () => {
    expect(summary(await resolve(graph, ['@a/x@^1'], { '@a/x': '1.2.0' }))).toEqual(['@a/x@1.2.0']);
    expect(summary(await resolve(graph, ['@a/x@>=1.5'], { '@a/x': '1.2.0' }))).toEqual(['@a/x@1.10.0']);
    expect(summary(await resolve(graph, ['@a/x@>=1'], { '@a/x': '2.0.0' }))).toEqual(['@a/x@2.0.0']);
    expect(summary(await resolve(graph, ['@a/x@^1'], { '@a/x': '1.9.9' }))).toEqual(['@a/x@1.10.0']);
  });

  it('takes a version with build metadata by its whole name only', async () => {
    const built = { '@a/x': { '1.0.0+one': [], '1.0.0+two': [] } };
    expect(summary(await resolve(built, ['@a/x@1.0.0+two']))).toEqual(['@a/x@1.0.0+two']);
    expect((await failure(resolve(built, ['@a/x@1.0.0+six']))).code).toBe('not_found');
  });
});

describe('what skills need', () => {
  it('comes with them, once, breadth first, with who asked', async () => {
    const plan = await resolve(
      {
        '@a/app': { '1.0.0': ['@a/left@^1', '@b/right@^1'] },
        '@a/left': { '1.0.0': ['@c/deep@^1'], '1.1.0': ['@c/deep@^1.1'] },
        '@b/right': { '1.0.0': ['@c/deep@<1.2'] },
        '@c/deep': { '1.0.0': [], '1.1.0': [], '1.2.0': [] },
      },
      ['@a/app@*'],
    );
    expect(summary(plan)).toEqual(['@a/app@1.0.0', '@a/left@1.1.0', '@b/right@1.0.0', '@c/deep@1.1.0']);
    expect(plan.skills.map(({ path }) => path)).toEqual([
      [],
      ['@a/app@1.0.0'],
      ['@a/app@1.0.0'],
      ['@a/app@1.0.0', '@a/left@1.1.0'],
    ]);
    expect(plan.skills[2]?.dependencies).toEqual([
      { namespace: 'c', name: 'deep', range: '<1.2', optional: false, path: ['@a/app@1.0.0', '@b/right@1.0.0'] },
    ]);
  });

  it('may go in circles', async () => {
    const graph = { '@a/x': { '1.0.0': ['@a/y@*'] }, '@a/y': { '1.0.0': ['@a/x@^1', '@a/y@1.0.0'] } };
    expect(summary(await resolve(graph, ['@a/x@*']))).toEqual(['@a/x@1.0.0', '@a/y@1.0.0']);
  });

  it('makes way for an older version that goes with the rest', async () => {
    const graph = {
      '@a/x': { '1.0.0': ['@a/z@^1'], '2.0.0': ['@a/z@^2'] },
      '@a/y': { '1.0.0': ['@a/z@^1'] },
      '@a/z': { '1.0.0': [], '2.0.0': [] },
    };
    expect(summary(await resolve(graph, ['@a/x@*', '@a/y@*']))).toEqual(['@a/x@1.0.0', '@a/y@1.0.0', '@a/z@1.0.0']);
  });

  it('is asked for once a question', async () => {
    const { source, asked } = sourceOf({
      '@a/x': { '1.0.0': ['@a/z@^1'], '2.0.0': ['@a/z@^2'] },
      '@a/y': { '1.0.0': ['@a/z@^1'] },
      '@a/z': { '1.0.0': [], '2.0.0': [] },
    });
    await resolveDependencies(wanted('@a/x@*', '@a/y@*'), source, new Map());
    expect(asked).toEqual([...new Set(asked)]);
  });

  it('goes back to the choice that matters, past many that do not', async () => {
    const versions = Array.from({ length: 30 }, (_, minor) => `1.${minor}.0`);
    const indifferent = Array.from({ length: 12 }, (_, index) => `@pad/p${index}`);
    const graph: Graph = {
      '@a/first': { '1.0.0': ['@a/deep@1.0.0'], '2.0.0': ['@a/deep@2.0.0'] },
      ...Object.fromEntries(
        indifferent.map((name) => [name, Object.fromEntries(versions.map((version) => [version, []]))]),
      ),
      '@a/last': { '1.0.0': ['@a/deeper@1.0.0'] },
      '@a/deeper': { '1.0.0': ['@a/deep@1.0.0'] },
      '@a/deep': { '1.0.0': [], '2.0.0': [] },
    };
    const wishes = ['@a/first@*', ...indifferent.map((name) => `${name}@*`), '@a/last@*'];
    const plan = await resolveDependencies(wanted(...wishes), sourceOf(graph).source, new Map(), { maxSteps: 60 });
    expect(summary(plan)).toContain('@a/first@1.0.0');
  });
});

describe('optional skills', () => {
  const graph = {
    '@a/app': { '1.0.0': ['@a/lib@^1', '@a/extra@*?', '@a/lib@^2?', '@a/gone@*?'] },
    '@a/lib': { '1.0.0': [], '2.0.0': [] },
    '@a/extra': { '1.0.0': ['@a/lib@^1', '@a/more@*?'], '2.0.0': ['@a/lib@^2'] },
    '@a/more': { '1.0.0': [] },
  };

  it('come along where they fit, and change nothing for others', async () => {
    const plan = await resolve(graph, ['@a/app@*']);
    expect(summary(plan)).toEqual(['@a/app@1.0.0', '@a/lib@1.0.0', '@a/extra@1.0.0', '@a/more@1.0.0']);
    expect(plan.leftOut.map(({ wanted, reason }) => [addressText(wanted), reason])).toEqual([
      [
        '@a/lib',
        'No version of @a/lib is what all want: ^1 (wanted by @a/app@1.0.0), and ^2 (wanted by @a/app@1.0.0).',
      ],
      ['@a/gone', 'There is no version of @a/gone to install (wanted by @a/app@1.0.0).'],
    ]);
  });

  it('may be wanted by the user', async () => {
    const plan = await resolve(graph, ['@a/lib@^2', '@a/extra@^1?', '@a/more@*?']);
    expect(summary(plan)).toEqual(['@a/lib@2.0.0', '@a/more@1.0.0']);
    expect(plan.leftOut).toHaveLength(1);
  });
});

describe('what cannot be', () => {
  const graph = {
    '@a/x': { '1.0.0': ['@a/z@^1'] },
    '@a/y': { '1.0.0': ['@a/w@*'] },
    '@a/w': { '1.0.0': ['@a/z@2.x'] },
    '@a/z': { '1.0.0': [], '1.1.0': [], '2.0.0': [] },
    '@a/needy': { '1.0.0': ['@a/gone@^1'] },
    '@a/picky': { '1.0.0': ['@a/z@^7'] },
    '@a/bare': { '1.0.0': ['summary@*'] },
    '@a/old': { '1.0.0': { wants: [], yanked: true } },
  };
  const listZ = 'What there is: skills info @a/z --versions';
  const go = 'Ask for versions that go together, or leave one out.';

  it.each([
    [
      ['@a/x@*', '@a/y@*'],
      'dependency_conflict',
      'No version of @a/z is what all want: ^1 (wanted by @a/x@1.0.0), and 2.x (wanted by @a/y@1.0.0 > @a/w@1.0.0).',
      `${go} ${listZ}`,
    ],
    [
      ['@a/z@^1', '@a/z@^2'],
      'dependency_conflict',
      'No version of @a/z is what all want: ^1 (wanted by you), and ^2 (wanted by you).',
      `${go} ${listZ}`,
    ],
    [
      ['@a/z@1.0.0 || 2.0.0', '@a/z@1.x || 1.1.0', '@a/z@1.1.0 || 2.0.0'],
      'dependency_conflict',
      'No version of @a/z is what all want: 1.0.0 || 2.0.0 (wanted by you), and 1.x || 1.1.0 (wanted by you), and 1.1.0 || 2.0.0 (wanted by you).',
      `${go} ${listZ}`,
    ],
    [
      ['@a/z@^7'],
      'not_found',
      "No version of @a/z fits '^7'.",
      'There are 2.0.0, 1.1.0, 1.0.0. See all: skills info @a/z --versions',
    ],
    [
      ['@a/picky@*'],
      'dependency_missing',
      "No version of @a/z fits '^7' (wanted by @a/picky@1.0.0).",
      'There are 2.0.0, 1.1.0, 1.0.0. See all: skills info @a/z --versions',
    ],
    [
      ['@a/needy@*'],
      'dependency_missing',
      'There is no version of @a/gone to install (wanted by @a/needy@1.0.0).',
      'Check the name. A private skill needs `skills login`; yanked versions cannot be installed.',
    ],
    [
      ['@a/old@*'],
      'not_found',
      'There is no version of @a/old to install.',
      'Check the name. A private skill needs `skills login`; yanked versions cannot be installed.',
    ],
    [
      ['@a/bare@*'],
      'dependency_missing',
      "No skill is known as 'summary' alone (wanted by @a/bare@1.0.0).",
      'Ask its author to name the namespace: @namespace/name.',
    ],
  ])('%j is refused as %s', async (wishes, code, message, fix) => {
    expect(await failure(resolve(graph, wishes))).toEqual({ code, message, fix });
  });

  it('names the circle that a chosen version closes', async () => {
    const circle = {
      '@a/l': { '1.0.0': ['@a/x@2.0.0'], '2.0.0': ['@a/x@1.0.0'] },
      '@a/x': { '1.0.0': ['@a/l@1.0.0'], '2.0.0': ['@a/l@2.0.0'] },
    };
    expect(await failure(resolve(circle, ['@a/l@*']))).toMatchObject({
      code: 'dependency_conflict',
      message:
        'No version of @a/l is what all want: 2.0.0 (for * (wanted by you)), and 1.0.0 (wanted by @a/l@2.0.0 > @a/x@1.0.0).',
    });
  });

  it('ends after as many tries as it may have', async () => {
    let asked = 0;
    const endless = {
      versions: async () => [{ version: '1.0.0', yanked: false }],
      dependencies: async () => [{ name: `@a/n${asked++}`, range: '*', optional: false }],
    };
    expect(await failure(resolveDependencies(wanted('@a/x@*'), endless, new Map()))).toEqual({
      code: 'dependencies_too_complex',
      message: 'No versions that go together were found: more than 5000 versions were tried.',
      fix: 'Ask for fewer skills at once, or for narrower ranges.',
    });
    expect(asked).toBe(5001);
  });

  it('does not take a registry that fails for one without the skill', async () => {
    const down = new CodedError('network', 'down', 'wait');
    const { source } = sourceOf({ '@a/x': { '1.0.0': ['@a/y@*?'] } });
    const versions: typeof source.versions = async (address) => {
      if (address.name === 'y') throw down;
      return source.versions(address);
    };
    await expect(resolveDependencies(wanted('@a/x@*'), { ...source, versions }, new Map())).rejects.toBe(down);
  });
});

describe('tags and bare names', () => {
  it('are what the source says', async () => {
    const { source } = sourceOf({
      '@a/x': { '1.0.0': ['y@beta', '@a/y@latest'], '2.0.0': [] },
      '@b/y': { '1.0.0': [], '2.0.0-rc.1': [] },
      '@a/y': { '1.0.0': [], '2.0.0': [] },
    });
    const tags: Record<string, string> = { '@a/x@stable': '1.0.0', '@b/y@beta': '2.0.0-rc.1', '@a/y@latest': '1.0.0' };
    const plan = await resolveDependencies(
      wanted('@a/x@stable'),
      {
        ...source,
        tag: async (address, tag) => tags[`${addressText(address)}@${tag}`],
        namespaceOf: async (name, by) => (name === 'y' && by.namespace === 'a' ? 'b' : undefined),
      },
      new Map(),
    );
    expect(summary(plan)).toEqual(['@a/x@1.0.0', '@b/y@2.0.0-rc.1', '@a/y@1.0.0']);
  });
});
