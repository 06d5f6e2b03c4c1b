import { beforeAll, describe, expect, test } from 'vitest';
import { FILTERED_SKILLS } from '../../src/core/catalog/search-cards.ts';
import { edited, hubGet, L, P, refusal, type SkillRecord } from '../support/skill-hub.ts';
import { bearer, type KeyHolder, newNamespace, publish } from '../support/skills.ts';
import { statements } from '../support/statements.ts';
import { createWorld, OPERATOR_KEY, type World } from '../support/world.ts';

interface Page {
  records: SkillRecord[];
  total: number;
}

let world: World;
let alice: KeyHolder;
let bob: KeyHolder;

const found = async (query: string, headers?: Record<string, string>, on = world): Promise<[string[], number]> => {
  const { records, total } = await hubGet<Page>(on, `${L}/search?${query}`, headers);
  return [records.map(({ slug }) => slug), total];
};

describe('in a small catalogue', () => {
  beforeAll(async () => {
    world = await createWorld();
    alice = await newNamespace(world, 'alice');
    bob = await newNamespace(world, 'bob');
    await publish(world, alice.key, { name: 'calendar', description: 'Keeps a calendar of reports.' });
    await publish(world, alice.key, { name: 'report', frontmatter: 'keywords: [paper, office]\n' });
    await publish(world, bob.key, { name: 'weather', description: 'Reports the weather of tomorrow.' });
    await publish(
      world,
      bob.key,
      { name: 'diary', description: 'A secret calendar of thoughts.' },
      '?visibility=private',
    );
    await edited(world, 'weather', { scene: ['office', 'home, sweet'], platform: ['mac'], tags: ['sky'] }, bob.headers);
    await edited(world, 'calendar', { scene: ['office'], platform: ['linux'], business: ['x'] }, alice.headers);
    await edited(world, 'report', { source: 'official' }, bearer(OPERATOR_KEY));
  });

  test.each([
    ['', ['report', 'calendar', 'weather'], 3],
    ['order=desc', ['report', 'calendar', 'weather'], 3],
    ['orderBy=updatedAt&order=asc', ['weather', 'calendar', 'report'], 3],
    ['size=1', ['report'], 3],
    ['size=1&page=2', ['calendar'], 3],
    ['size=1&page=2&current=3', ['calendar'], 3],
    ['size=2&current=2', ['weather'], 3],
    ['page=9', [], 3],
    ['page=&size=&orderBy=&order=&keyword=&author=&source=&tags=&anything=else', ['report', 'calendar', 'weather'], 3],
    ['keyword=report', ['report', 'calendar', 'weather'], 3],
    ['keyword=calendar', ['calendar'], 1],
    ['keyword=report&order=asc', ['weather', 'calendar', 'report'], 3],
    ['keyword=report&size=1&page=2&order=asc', ['calendar'], 3],
    ['keyword=%22%20***', [], 0],
    ['keyword=report&author=alice&orderBy=updatedAt', ['report', 'calendar'], 2],
    ['keyword=report&scene=office&orderBy=updatedAt', ['calendar', 'weather'], 2],
    ['author=alice', ['report', 'calendar'], 2],
    ['author=@Alice', ['report', 'calendar'], 2],
    ['author=ali', [], 0],
    ['author=alice@example.com', [], 0],
    ['source=official', ['report'], 1],
    ['source=personal', ['calendar', 'weather'], 2],
    ['source=external', [], 0],
    ['tags=office', ['report'], 1],
    ['tags=offic', [], 0],
    ['tags=sky,paper', ['report', 'weather'], 2],
    ['tags=sky&tags=paper', ['report', 'weather'], 2],
    ['scene=office', ['calendar', 'weather'], 2],
    ['scene=office&size=1&page=2', ['weather'], 2],
    ['scene=office&order=asc', ['weather', 'calendar'], 2],
    ['scene=office&platform=mac', ['weather'], 1],
    ['scene=office&business=x&platform=mac', [], 0],
    ['applicablePosition=x', [], 0],
    ['businessDomain=x', [], 0],
    ['business=x', ['calendar'], 1],
    ["tags=sky'%22%5D", [], 0],
  ])('%s finds %j', async (query, slugs, total) => {
    expect(await found(query)).toEqual([slugs, total]);
  });

  test('a private skill is found with a key of its namespace and by operators alone', async () => {
    for (const query of ['keyword=secret', 'author=bob', 'source=personal', '']) {
      expect((await found(query))[0]).not.toContain('bob.diary');
      expect((await found(query, alice.headers))[0]).not.toContain('bob.diary');
      for (const headers of [bob.headers, bearer(OPERATOR_KEY)]) {
        expect((await found(query, headers))[0]).toContain('bob.diary');
      }
    }
    expect((await found('', bob.headers))[1]).toBe(4);
  });

  test('an address finds a namespace for itself and for operators, and shows to nobody else', async () => {
    const query = 'author=Bob@example.com&order=asc';
    expect((await found(query, alice.headers))[1]).toBe(0);
    expect(await found(query, bob.headers)).toEqual([['bob.diary', 'weather'], 2]);
    expect(await found(query, bearer(OPERATOR_KEY))).toEqual([['bob.diary', 'weather'], 2]);
    const emails = async (headers?: Record<string, string>) =>
      (await hubGet<Page>(world, `${L}/search`, headers)).records.map(({ owner }) => owner.email);
    expect(await emails()).toEqual(['', '', '']);
    expect(await emails(alice.headers)).toEqual(['alice@example.com', 'alice@example.com', '']);
  });

  test.each([
    ['page=0', 'page: Too small: expected number to be >=1'],
    ['current=x', 'current: Invalid input: expected number, received NaN'],
    ['size=201', 'size: Too big: expected number to be <=200'],
    ['size=0', 'size: Too small: expected number to be >=1'],
    ['orderBy=stars', 'orderBy: Invalid input: expected "updatedAt"'],
    ['order=up', 'order: Invalid option: expected one of "asc"|"desc"'],
    ['source=mine', 'source: Invalid option: expected one of "official"|"personal"|"external"'],
    [`tags=${'x,'.repeat(21)}`, 'tags: at most 20 values'],
    [`keyword=${'x'.repeat(201)}`, 'keyword: Too big: expected string to have <=200 characters'],
  ])('%s is refused', async (query, fault) => {
    expect(await refusal(await world.fetch(`${L}/search?${query}`))).toEqual({
      status: 400,
      message: `Invalid query: ${fault}.`,
    });
  });
});

/** A catalogue that did not come through publishing: skill `i` was changed at `i`, and every hundredth has a card. */
async function fill(on: World, skills: number): Promise<void> {
  await on.client.execute(`WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i <= ${skills})
    INSERT INTO skills (id, namespace, name, slug, visibility, latest_version_id, created_at, updated_at)
    SELECT i, 'alice', 'other-' || i, 'other-' || i, 'public', (SELECT latest_version_id FROM skills WHERE id = 1), 0, i FROM n`);
  await on.client.execute(`INSERT INTO skill_search (rowid, name, namespace, keywords, description, visibility)
    SELECT id, name, namespace, '', 'one common word', 'public' FROM skills WHERE id > 1`);
  await on.client.execute(`INSERT INTO skill_cards (skill_id, scene, updated_at)
    SELECT id, '["rare"]', updated_at FROM skills WHERE id > 1 AND id % 100 = 0`);
}

async function filledWorld(skills: number): Promise<World> {
  const filled = await createWorld();
  const { key } = await newNamespace(filled, 'alice');
  await publish(filled, key, { name: 'first' });
  await fill(filled, skills);
  return filled;
}

describe('in a large catalogue', () => {
  let large: World;

  beforeAll(async () => {
    large = await filledWorld(FILTERED_SKILLS + 500);
  });

  test('a listing counts everything, so that page after page shows everything', async () => {
    const total = FILTERED_SKILLS + 501;
    expect(await found('size=2', undefined, large)).toEqual([['first', `other-${total}`], total]);
    const last = await hubGet<Page>(large, `${L}/search?size=200&page=${Math.ceil(total / 200)}&order=desc`);
    expect(last.records.at(-1)?.slug).toBe('other-2');
    expect(last.records).toHaveLength(total % 200);
  });

  test('filters look at the skills that changed last', async () => {
    const [slugs, total] = await found('scene=rare&size=200', undefined, large);
    expect([total, slugs?.[0]]).toEqual([100, `other-${FILTERED_SKILLS + 500}`]);
    expect(slugs).not.toContain('other-100');
  });

  test('a keyword ranks a bounded number of matches', async () => {
    expect((await found('keyword=common', undefined, large))[1]).toBe(500);
    expect((await found('keyword=common&scene=rare', undefined, large))[1]).toBe(5);
  });
});

// The statements are the same on D1, which has no hook to see them.
describe.skipIf(process.env.HUB_TEST_DATABASE === 'd1')('what a search reads', () => {
  const KINDS: [string, number][] = [
    ['', 2],
    ['keyword=common', 1],
    ['keyword=common&page=9', 2],
    ['scene=rare', 2],
    ['author=alice', 2],
    ['keyword=common&source=personal', 2],
  ];

  test.each(KINDS)('%j costs %i statements beside the key', async (query, most) => {
    const small = await filledWorld(3);
    const { headers } = await newNamespace(small, 'reader');
    const keyed = () => statements(small, () => hubGet(small, `${P}/search?${query}`, headers));
    await keyed();
    expect(await keyed()).toHaveLength(1 + most);
  });

  test.each(['versions/first', 'versions/first/1.0.0', 'download/first', 'detail/first'])(
    '%s is a chain of at most two look-ups by index',
    async (path) => {
      const small = await filledWorld(3);
      const read = await statements(small, async () => {
        expect((await small.fetch(`${L}/${path}`)).status).toBe(200);
      });
      expect(read.length).toBeLessThanOrEqual(2);
      const steps = (await Promise.all(read.map((sql) => plan(small, sql)))).flat();
      expect(steps.length).toBeGreaterThan(0);
      expect(steps.filter((step) => step.startsWith('SCAN'))).toEqual([]);
    },
  );

  test('a listing walks the index of the last change, and joins only its page', async () => {
    const small = await filledWorld(3);
    const [page, count] = await statements(small, () => hubGet(small, `${L}/search`));
    const steps = await plan(small, page);
    expect(steps.filter((step) => step.startsWith('SCAN'))).toEqual([
      'SCAN skills USING INDEX skills_updated',
      'SCAN page',
    ]);
    expect(steps.filter((step) => step.includes('AUTOMATIC'))).toEqual([]);
    expect((await plan(small, count)).filter((step) => step.startsWith('SCAN'))).toEqual([
      'SCAN skills',
      'SCAN listed',
    ]);
  });
});

async function plan(on: World, sql = ''): Promise<string[]> {
  const args = Array.from(sql.matchAll(/\?/g), () => 1);
  const explained = await on.client.libsql?.execute({ sql: `EXPLAIN QUERY PLAN ${sql}`, args });
  return (explained?.rows ?? []).map(({ detail }) => String(detail));
}
