import { type Bundle, findFile } from '../format/bundle.ts';
import type { Finding } from '../format/finding.ts';
import { FormatError } from '../format/format-error.ts';
import { readMetadata } from '../format/skill-metadata.ts';
import { readTextFile } from '../format/text.ts';
import { findNestedArchives } from './nested-archive.ts';
import type { VettingContext } from './vetting-context.ts';

const MAX_SKILL_LINES = 1000;
const MAX_SCRIPT_BYTES = 128 * 1024;
const SMALLER = 'Remove files from the skill, or split it into several skills.';

/**
 * Stage 1: the bundle is a skill of the stated name, within the limits. Also passes on what `readMetadata` warns about.
 * Folders are not prescribed: real skills hold more than `scripts/`, `references/` and `assets/`.
 */
export function vetStructure(bundle: Bundle, context: Pick<VettingContext, 'limits' | 'name'>): Finding[] {
  return [
    ...checkMetadata(bundle, context.name),
    ...checkLimits(bundle, context.limits),
    ...checkSkillLength(bundle),
    ...checkScripts(bundle),
    ...findNestedArchives(bundle.files),
  ];
}

function checkMetadata(bundle: Bundle, name: string): Finding[] {
  try {
    const { metadata, findings } = readMetadata(bundle);
    if (metadata.name === name) return findings;
    const message = `SKILL.md names the skill '${metadata.name}', but it is published as '${name}'`;
    return [
      ...findings,
      finding('name-differs', 'error', message, 'Publish it under the name in SKILL.md.', 'SKILL.md'),
    ];
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    const { code, message, fix, file, line } = error;
    const rule = code.replaceAll('_', '-');
    return [{ ...finding(rule, 'error', message, fix, file), ...(line === undefined ? {} : { line }) }];
  }
}

function checkLimits(bundle: Bundle, limits: VettingContext['limits']): Finding[] {
  const findings: Finding[] = [];
  const { files } = bundle;
  if (files.length > limits.maxFiles) {
    findings.push(
      finding('too-many-files', 'error', `${files.length} files; the limit is ${limits.maxFiles}`, SMALLER),
    );
  }
  const total = files.reduce((sum, file) => sum + file.bytes.length, 0);
  if (total > limits.maxUnpackedBytes) {
    findings.push(
      finding('too-large', 'error', `${total} bytes in all; the limit is ${limits.maxUnpackedBytes}`, SMALLER),
    );
  }
  for (const file of files) {
    if (file.bytes.length <= limits.maxFileBytes) continue;
    const message = `${file.path} has ${file.bytes.length} bytes; the limit for a file is ${limits.maxFileBytes}`;
    findings.push(finding('file-too-large', 'error', message, SMALLER, file.path));
  }
  return findings;
}

function checkSkillLength(bundle: Bundle): Finding[] {
  const skill = findFile(bundle, 'SKILL.md');
  const text = skill === undefined ? undefined : readTextFile(skill.bytes);
  const lines = text === undefined ? 0 : countLines(text);
  if (lines <= MAX_SKILL_LINES) return [];
  const message = `SKILL.md has ${lines} lines; agents read it whole, so it should have at most ${MAX_SKILL_LINES}`;
  return [finding('skill-md-too-long', 'warning', message, 'Move detail into references/.', 'SKILL.md')];
}

/** A line end at the end of the text begins no further line. */
function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < text.length - 1; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

function checkScripts(bundle: Bundle): Finding[] {
  return bundle.files
    .filter((file) => file.path.startsWith('scripts/') && file.bytes.length > MAX_SCRIPT_BYTES)
    .map((file) => {
      const message = `${file.path} has ${file.bytes.length} bytes; a script should have at most ${MAX_SCRIPT_BYTES}`;
      return finding('script-too-large', 'warning', message, 'Move data out of the script into assets/.', file.path);
    });
}

function finding(rule: string, severity: Finding['severity'], message: string, fix: string, file?: string): Finding {
  return { rule, severity, stage: 'structure', message, fix, ...(file === undefined ? {} : { file }) };
}
