import type { Finding } from './finding.ts';
import { splitFrontmatter } from './frontmatter.ts';
import {
  openFields,
  readAllowedTools,
  readCompatibility,
  readDescription,
  readMetadataMap,
  readName,
  readText,
  reportUnknownKeys,
} from './skill-fields.ts';
import { MAX_TEXT } from './text-limits.ts';

/** A parsed `SKILL.md`. Optional fields are absent when the frontmatter does not have them. */
export interface SkillMd {
  /** The whole frontmatter as plain data, unknown keys included. */
  frontmatter: Record<string, unknown>;
  name: string;
  /** 1 to 1,024 characters, without white space around it. */
  description: string;
  license?: string;
  compatibility?: string;
  metadata: Record<string, string>;
  /** Space-separated, as the specification wants it. */
  allowedTools?: string;
  /** `metadata.version`, else the key `version`; as written, not checked. */
  version?: string;
  body: string;
  /** Line on which `body` starts, counted from 1. */
  bodyLine: number;
  /** Warnings that do not make the file invalid. */
  findings: Finding[];
}

/**
 * Parses a `SKILL.md` after the Agent Skills specification: frontmatter with `name` (see `checkSkillName`) and
 * `description` (1 to 1,024 characters), `compatibility` of 1 to 500 characters, `metadata` as a map of strings and
 * `allowed-tools` as a string. Lengths are in Unicode characters. Unknown keys are kept and reported, never refused.
 *
 * Beyond it, `license` has at most 200 characters, the frontmatter and `metadata` at most 200 keys each, and the
 * frontmatter as JSON at most 64 KiB.
 *
 * @throws FormatError `invalid_skill_md` with file `SKILL.md` and the line
 */
export function parseSkillMd(text: string): SkillMd {
  const parts = splitFrontmatter(text);
  const fields = openFields(parts.yaml, parts.yamlLine);
  const name = readName(fields);
  const description = readDescription(fields);
  const license = readText(fields, 'license', MAX_TEXT.license);
  const compatibility = readCompatibility(fields);
  const metadata = readMetadataMap(fields);
  const allowedTools = readAllowedTools(fields);
  const version = metadata.version ?? readText(fields, 'version');
  reportUnknownKeys(fields);
  return {
    frontmatter: fields.data,
    name,
    description,
    ...(license === undefined ? {} : { license }),
    ...(compatibility === undefined ? {} : { compatibility }),
    metadata,
    ...(allowedTools === undefined ? {} : { allowedTools }),
    ...(version === undefined ? {} : { version }),
    body: parts.body,
    bodyLine: parts.bodyLine,
    findings: fields.findings,
  };
}
