import { type Bundle, findFile } from '../format/bundle.ts';
import type { Finding } from '../format/finding.ts';
import { FormatError } from '../format/format-error.ts';
import { parseSkillMd } from '../format/skill-md.ts';
import { readTextFile } from '../format/text.ts';
import { MAX_DOCUMENT_BYTES } from '../format/text-limits.ts';
import { findSecrets } from './secrets.ts';

const MIN_DESCRIPTION = 20;
const MAX_SECRET_FINDINGS = 50;

/**
 * Stage 2: the description says something, no text file holds a secret, and `references/` holds Markdown only.
 * At most 50 secrets are reported. A `SKILL.md` that cannot be parsed is the business of stage 1.
 */
export function vetContent(bundle: Bundle): Finding[] {
  return [...checkDescription(bundle), ...checkSecrets(bundle), ...checkReferences(bundle)];
}

function checkDescription(bundle: Bundle): Finding[] {
  const description = readDescription(bundle);
  if (description === undefined || [...description].length >= MIN_DESCRIPTION) return [];
  return [
    {
      rule: 'description-too-short',
      severity: 'error',
      stage: 'content',
      message: `description is too short (minimum ${MIN_DESCRIPTION} characters)`,
      fix: 'Say what the skill does and when an agent should use it.',
      file: 'SKILL.md',
    },
  ];
}

function readDescription(bundle: Bundle): string | undefined {
  const skill = findFile(bundle, 'SKILL.md');
  if (skill === undefined || skill.bytes.length > MAX_DOCUMENT_BYTES['SKILL.md']) return undefined;
  const text = readTextFile(skill.bytes);
  try {
    return text === undefined ? undefined : parseSkillMd(text).description;
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

function checkSecrets(bundle: Bundle): Finding[] {
  const findings: Finding[] = [];
  for (const file of bundle.files) {
    if (findings.length === MAX_SECRET_FINDINGS) return findings;
    const text = readTextFile(file.bytes);
    if (text === undefined) continue;
    for (const secret of findSecrets(text, MAX_SECRET_FINDINGS - findings.length)) {
      findings.push({
        rule: `secret-${secret.rule}`,
        severity: secret.severity,
        stage: 'content',
        message: `possible hardcoded secret found: '${secret.masked}' (${secret.label})`,
        fix: 'Remove it, revoke it where it was issued, and read it from the environment instead.',
        file: file.path,
        line: secret.line,
        excerpt: secret.masked,
      });
    }
  }
  return findings;
}

function checkReferences(bundle: Bundle): Finding[] {
  return bundle.files
    .filter((file) => file.path.startsWith('references/') && !/\.(md|markdown)$/i.test(file.path))
    .map((file) => ({
      rule: 'reference-not-markdown',
      severity: 'error',
      stage: 'content',
      message: `non-markdown file in references/: '${file.path}'`,
      fix: 'Move it to assets/ or scripts/, or write it as Markdown.',
      file: file.path,
    }));
}
