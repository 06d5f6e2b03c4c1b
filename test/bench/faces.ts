import * as z from 'zod';
import type { Target } from './load.ts';
import type { Pair } from './pairs.ts';
import type { Published } from './publishing.ts';
import { QUERIES } from './queries.ts';
import { spread } from './statistics.ts';
import { HOT_SKILLS, searchPath, words } from './targets.ts';

/** A skill with the flat slug under which some faces know it. */
type Listed = Published & { slug: string };

/** One use case, asked for through `/v1` and through every other face that has it. */
interface UseCase {
  name: string;
  base: (skill: Listed) => string;
  faces: Record<string, (skill: Listed) => string>;
}

const USE_CASES: UseCase[] = [
  {
    name: 'latest version',
    base: ({ namespace, name }) => `/v1/packages/${namespace}/${name}/latest`,
    faces: {
      ClawHub: ({ namespace, name }) => `/api/v1/skills/${name}?ownerHandle=${namespace}`,
      'Skill Hub': ({ slug }) => `/api/skill/detail/${slug}`,
      discovery: ({ namespace, name }) => `/${namespace}/${name}/.well-known/agent-skills/index.json`,
    },
  },
  {
    name: 'search',
    // Not the very URL that `readTargets` asks for, which is in memory by then.
    base: (skill) => `${searchPath(words(skill))}&page=1`,
    faces: {
      ClawHub: (skill) => `/api/v1/search?${new URLSearchParams({ q: words(skill), limit: '20' })}`,
      'Skill Hub': (skill) => `/api/skill/search?${new URLSearchParams({ keyword: words(skill), size: '20' })}`,
      '`skills find`': (skill) => `/api/search?${new URLSearchParams({ q: words(skill), limit: '20' })}`,
    },
  },
  {
    name: 'download, zip',
    base: ({ namespace, name, version }) => `/v1/download/${namespace}/${name}/${version}?format=zip`,
    faces: {
      ClawHub: ({ namespace, name, version }) =>
        `/api/v1/download?${new URLSearchParams({ slug: name, version, ownerHandle: namespace })}`,
      'Skill Hub': ({ slug, version }) => `/api/skill/download/${slug}?version=${version}`,
    },
  },
];

/**
 * Each use case through each face, hot and cold, paired with the same through `/v1`. For the cold ones each round has its own
 * part of the catalogue, as in `readTargets`, and each pair a part of that.
 *
 * @param rounds including the one that warms up
 */
export async function facePairs(
  url: string,
  published: readonly Published[],
  rounds: number,
): Promise<(round: number) => Pair[]> {
  const listed = await withSlugs(url, published);
  const hot = spread(listed, HOT_SKILLS);
  return (round) => {
    const part = listed.filter((skill, index) => index % rounds === round && !hot.includes(skill));
    return USE_CASES.flatMap(({ name, base, faces }) => {
      const repeated = (path: (skill: Listed) => string): Target => {
        const paths = name === 'search' ? QUERIES.map((query) => path(named(query))) : hot.map(path);
        return { name, url, paths, once: false };
      };
      return Object.entries(faces).flatMap(([face, path], index, all) => {
        const share = part.filter((_, at) => at % all.length === index);
        const once = (path: (skill: Listed) => string): Target => ({
          name,
          url,
          paths: unique(share, path),
          once: true,
        });
        return [
          { name: `${name}, hot: ${face}`, base: repeated(base), other: repeated(path) },
          { name: `${name}, cold: ${face}`, base: once(base), other: once(path) },
        ];
      });
    });
  };
}

function unique(skills: readonly Listed[], path: (skill: Listed) => string): string[] {
  return [...new Set(skills.map(path))];
}

/** A skill that stands for a query. */
function named(query: string): Listed {
  return { namespace: '', name: query, version: '', slug: '' };
}

const pageSchema = z.object({
  data: z.object({
    records: z.array(z.object({ slug: z.string(), owner: z.object({ handle: z.string() }) })),
    total: z.number(),
  }),
});
const PAGE = 200;

/** Flat slugs are in the listing of the Skill Hub face alone: the bare name, or `namespace.name`. */
async function withSlugs(url: string, published: readonly Published[]): Promise<Listed[]> {
  const slugs = new Set<string>();
  for (let page = 1, total = 1; slugs.size < total; page++) {
    const response = await fetch(`${url}/api/skill/search?page=${page}&size=${PAGE}`);
    const { data } = pageSchema.parse(await response.json());
    if (data.records.length === 0) break;
    for (const { slug, owner } of data.records) slugs.add(`${owner.handle}/${slug}`);
    total = data.total;
  }
  return published.flatMap((skill) => {
    const slug = [skill.name, `${skill.namespace}.${skill.name}`].find((each) =>
      slugs.has(`${skill.namespace}/${each}`),
    );
    return slug === undefined ? [] : { ...skill, slug };
  });
}
