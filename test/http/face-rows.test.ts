import { beforeAll, describe, expect, test } from 'vitest';
import { plansOf, readCold, worldWith } from '../support/cold-reads.ts';
import type { World } from '../support/world.ts';

/** What clients read most through each face: no more statements than the same use case takes on /v1. */
const READS = [
  ['/v1/packages/acme/skill-1/latest', 1],
  ['/api/v1/skills/skill-1', 1],
  ['/api/v1/skills/skill-1?ownerHandle=acme', 1],
  ['/api/skill/detail/skill-1', 1],
  ['/acme/skill-1/.well-known/agent-skills/index.json', 1],
  ['/v1/packages/acme/skill-1/versions', 3],
  ['/api/v1/skills/skill-1/versions', 2],
  ['/api/v1/skills/skill-1/versions?ownerHandle=acme', 2],
  ['/api/skill/versions/skill-1', 2],
  ['/v1/packages/acme/skill-1/1.0.0/preview', 1],
  ['/api/v1/skills/skill-1/versions/1.0.0', 1],
  ['/api/v1/skills/skill-1/file?path=SKILL.md', 1],
  ['/api/v1/skills/skill-1/verify', 2],
  ['/api/skill/versions/skill-1/1.0.0', 1],
  ['/v1/download/acme/skill-1/1.0.0?format=zip', 1],
  ['/api/v1/download?slug=skill-1&version=1.0.0', 1],
  ['/api/skill/download/skill-1?version=1.0.0', 1],
  ['/api/skill/download/skill-1', 1],
  ['/v1/search?q=skill', 1],
  ['/api/v1/search?q=skill', 1],
  ['/api/skill/search?keyword=skill', 1],
  ['/api/search?q=skill', 1],
] as const;

let world: World;

// The statements are the same on D1, which has no hook to see them.
describe.skipIf(process.env.HUB_TEST_DATABASE === 'd1')('on libSQL', () => {
  beforeAll(async () => {
    world = await worldWith(3);
  });

  test.each(READS)('%s costs %i', async (path, statements) => {
    expect(await readCold(world, path)).toHaveLength(statements);
  });

  test.each(READS.filter(([path]) => !path.includes('search')))('%s scans no table', async (path) => {
    const plans = await plansOf(world, ...(await readCold(world, path)));
    expect(plans.filter((detail) => /^SCAN (skills|versions|skill_cards|stars)\b/.test(detail))).toEqual([]);
  });
});
