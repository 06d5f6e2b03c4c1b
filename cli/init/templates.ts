import { stringify } from 'yaml';

export interface NewSkill {
  name: string;
  description: string;
  license?: string | undefined;
  /** Whether it gets a skill.yaml, and an example of a file that agents read on demand. */
  yaml: boolean;
  references: boolean;
}

/** What the first version of a skill is called. */
export const FIRST_VERSION = '1.0.0';

/** The files of a new skill, texts by path: valid as they are, and made to be edited. */
export function newFiles(skill: NewSkill): Record<string, string> {
  return {
    'SKILL.md': skillMd(skill),
    ...(skill.yaml ? { 'skill.yaml': SKILL_YAML } : {}),
    ...(skill.references ? { 'references/details.md': REFERENCE } : {}),
  };
}

function skillMd({ name, description, license, references }: NewSkill): string {
  const fields = { name, description, ...(license === undefined ? {} : { license }) };
  return `---
${stringify(fields, { lineWidth: 0 })}metadata:
  version: "${FIRST_VERSION}"
---

# ${title(name)}

Agents read this file as a whole as soon as they take the skill: keep it short, and write what to do rather than what it is
about.

1. First step.
2. Second step.
${references ? '\nFor rare cases, read [references/details.md](references/details.md).\n' : ''}`;
}

/** `pdf-tools` as `Pdf tools`. */
function title(name: string): string {
  return `${name.slice(0, 1).toUpperCase()}${name.slice(1).replaceAll('-', ' ')}`;
}

const SKILL_YAML = `# What registries read beside SKILL.md. Every key may be left out.

# Words that people search for.
keywords: []

# Skills that this one needs, such as "@acme/csv-tools@^1.0.0".
dependencies: []
`;

const REFERENCE = `# Details

Agents read this file only when SKILL.md sends them here: the place for what is needed now and then.
`;
