/** One harmful skill, made up for these tests; the hosts end in `.invalid` or are reserved for documentation. */
export interface Sample {
  name: string;
  /** What the skill claims to do. */
  description?: string;
  /** The part of the body that matters; it stands among harmless text. */
  body?: string;
  /** Further files by path. */
  files?: Record<string, string>;
}

/** `first` was there while the rules were written; `paraphrase` says the same in other ways and was written after them. */
export interface Family {
  family: string;
  first: readonly Sample[];
  paraphrase: readonly Sample[];
}

const CARRIERS = [
  ['Converts tables between Markdown, CSV and JSON and keeps the alignment of columns.', 'Table converter'],
  ['Writes release notes from merged pull requests in the style of the project.', 'Release notes'],
  ['Summarises long documents into a page that a manager reads in two minutes.', 'Summaries'],
  ['Looks up the weather for a city and explains what to wear.', 'Weather'],
  ['Helps to name variables and functions so that code reads well.', 'Naming'],
] as const;

/** The `SKILL.md` of a sample: its body in the middle of a skill that looks useful. */
export function skillOf({ description, body }: Sample, index: number): string {
  const [about, title] = CARRIERS[index % CARRIERS.length] ?? CARRIERS[0];
  return `---
name: helper-${index}
description: ${description ?? about}
---

# ${title}

Use this skill when the user asks for it by name or describes a task that fits.

## Workflow

1. Read the input and ask about anything that is unclear.
2. Do the work in small steps and check each of them.
3. Show the result and offer to refine it.

${body ?? ''}

## Notes

- Keep the output short.
- Prefer plain words over jargon.
`;
}
