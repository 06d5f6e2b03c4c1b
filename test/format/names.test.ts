import { describe, expect, test } from 'vitest';
import { checkNamespace, checkSkillName, parseSkillRef, type SkillRef } from '../../src/format/names.ts';
import { formatErrorFrom } from '../support/archives.ts';

describe('skill names', () => {
  test.each(['a', '7', 'pdf', 'pdf-tools', 'a1-b2-c3', '2048', 'a'.repeat(64)])('%s is good', (name) => {
    expect(checkSkillName(name)).toBeUndefined();
  });

  test.each([
    ['', /must not be empty/],
    ['PDF-tools', /must be lower case/],
    ['-pdf', /must not start or end with a hyphen/],
    ['pdf-', /must not start or end with a hyphen/],
    ['pdf--tools', /two hyphens in a row/],
    ['pdf_tools', /may only hold/],
    ['pdf tools', /may only hold/],
    ['pdf.tools', /may only hold/],
    ['a\n', /may only hold/],
    ['技能', /must be ASCII/],
    ['café', /must be ASCII/],
    ['мой-навык', /must be ASCII/],
    ['a'.repeat(65), /65 characters long; the maximum is 64/],
  ])('%j is not', (name, problem) => {
    expect(checkSkillName(name)).toMatch(problem);
  });
});

describe('namespaces', () => {
  test.each(['abc', 'a-1', '---', 'a'.repeat(32)])('%s is good', (slug) => {
    expect(checkNamespace(slug)).toBeUndefined();
  });

  test.each([
    ['ab', /2 characters long; it must be 3 to 32/],
    ['a'.repeat(33), /33 characters long/],
    ['Acme', /may only hold/],
    ['a.b', /may only hold/],
    ['ünï', /must be ASCII/],
  ])('%j is not', (slug, problem) => {
    expect(checkNamespace(slug)).toMatch(problem);
  });
});

describe('skill references', () => {
  const good: [string, SkillRef][] = [
    ['pdf', { name: 'pdf' }],
    ['pdf@1.2.3', { name: 'pdf', range: '1.2.3' }],
    ['pdf@latest', { name: 'pdf', range: 'latest' }],
    ['@acme/pdf', { namespace: 'acme', name: 'pdf' }],
    ['acme/pdf', { namespace: 'acme', name: 'pdf' }],
    ['@acme/pdf@^1.0.0', { namespace: 'acme', name: 'pdf', range: '^1.0.0' }],
    ['acme/pdf@>=1 <2', { namespace: 'acme', name: 'pdf', range: '>=1 <2' }],
  ];
  test.each(good)('%s', (text, ref) => {
    expect(parseSkillRef(text)).toEqual(ref);
  });

  test.each([
    '',
    '@',
    '@acme',
    '@acme/',
    '/pdf',
    '@/pdf',
    'a/b/c',
    'pdf@',
    '@acme/pdf@',
    'PDF',
    'ab/pdf',
    '../pdf',
    '@pdf@1',
  ])('%j is refused', async (text) => {
    expect(await formatErrorFrom(() => parseSkillRef(text))).toMatchObject({ code: 'invalid_name' });
  });
});
