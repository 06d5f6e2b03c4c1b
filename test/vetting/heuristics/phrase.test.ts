import { describe, expect, test } from 'vitest';
import { beginningsOf } from '../../../src/vetting/heuristics/beginnings.ts';
import { alternativesOf, anyOf, phrase } from '../../../src/vetting/heuristics/phrase.ts';

describe('the words with which the choices of a pattern begin', () => {
  test.each([
    ['send|sends', ['send', 'sends']],
    ['keys?', ['keys', 'key']],
    ['polic(?:y|ies)', ['policy', 'policies', 'polic*']],
    ['env(?:ironment)? (?:vars|file)', ['environment', 'envir*', 'env']],
    ['(?:all|any) (?:of it)', ['all', 'any']],
    ['(?:safety|content) (?:rules|checks)|ethics', ['safety', 'content', 'ethics']],
    ['api[ _-]?keys?', ['api', 'apike*', 'api_k*']],
    ['web ?pages?', ['web', 'webpa*', 'web_p*']],
    ['replicat\\w+', ['replicat', 'repli*']],
    ["don't|do not", ['don', 'do']],
    ['http\\S*', ['http', 'https']],
    ['\\.?env', ['env']],
  ])('%s', (choice, words) => {
    expect(beginningsOf(choice)).toEqual(words);
  });

  test.each([
    '\\w+ rules',
    'a',
    '(?:the )?rules',
    'use[sd]?',
    '[a-z]+',
    '(?<=hidden )instructions',
    'web ?ui',
    'gr\\w+',
  ])('%s cannot be told', (choice) => {
    expect(beginningsOf(choice)).toBeUndefined();
  });
});

test('a pattern is looked for by its parts, each with its own words', () => {
  const first = phrase('send', 2, '\\w+ keys', 3, 'to|into');
  const [one, two, ...others] = alternativesOf(anyOf(first, /steal/i));
  expect(one).toEqual({ pattern: first, needs: [['send'], ['to', 'into']] });
  expect(two?.needs).toEqual([]);
  // As in the whole, which has no flag but the global one.
  expect(two?.pattern).toEqual(/steal/g);
  expect(others).toEqual([]);
});
