/** What every command's exit code means. */
export const EXIT_CODES: Readonly<Record<number, string>> = {
  0: 'It did what it was asked to.',
  1: 'It failed, or found what it was to look for: something wrong.',
  2: 'It was called wrongly, or cancelled by an answer.',
  4: 'A key is missing or was refused.',
  130: 'It was interrupted with Ctrl-C.',
};

/** What the commands read from the environment; `serve` reads more, see `docs/getting-started.md`. */
export const ENVIRONMENT: readonly (readonly [names: string, meaning: string])[] = [
  ['SKILLS_REGISTRY', 'The registry to use, when --registry names none.'],
  ['SKILLS_TOKEN', 'A key for the registry in use, instead of the stored one.'],
  ['SKILLS_HOME', 'Where configuration, cache and skills of the user are kept, instead of ~/.skills.'],
  ['SKILLS_OFFLINE', 'Set to 1, or anything but 0, no, off and false: use the cache only, as --offline does.'],
  [
    'SKILLS_LOG_MAX_AGE_HOURS',
    "How old a registry's newest checkpoint may be before its log counts as frozen; else 24.",
  ],
  ['SKILLS_SIGN_PASSPHRASE', 'Opens the private key of --sign-key-file.'],
  [
    'HTTPS_PROXY, HTTP_PROXY, NO_PROXY',
    'The proxy for requests, and hosts that are reached without; also in lower case.',
  ],
  ['NO_COLOR', 'Set to anything: no colours.'],
  ['TERM', 'Set to dumb: no colours.'],
  [
    'CLAUDE_CONFIG_DIR, CODEX_HOME, VIBE_HOME, HERMES_HOME, AUTOHAND_HOME, XDG_CONFIG_HOME',
    'Where single agents keep what belongs to the user, their skills included.',
  ],
];

/** What the commands read and write. */
export const FILES: readonly (readonly [path: string, meaning: string])[] = [
  ['skills.json', 'The skills that a project wants, in ranges; and its registries and agents. Made to be edited.'],
  ['skills.lock', 'The exact versions that are installed, with digests. Belongs into version control.'],
  ['.agents/skills/<name>', "A project's skills. Other agents' folders hold links to them, or copies."],
  ['.agents/skills/.installed.json', 'Which of the files there `skills` wrote. Can stay out of version control.'],
  ['~/.skills/config.json', 'Registries, keys and settings; readable by its owner only.'],
  ['~/.skills/index.json', "The user's skills, as skills.lock has those of a project."],
  ['~/.skills/<name>/<version>', "The user's skills, linked from ~/.agents/skills and agents' own folders."],
  ['~/.skills/checkpoints.json', 'How far the log of each registry went when it was last seen.'],
  ['~/.skills/evidence', 'Signed checkpoints of a log that showed two histories; readable by its owner only.'],
  ['~/.skills/changed', 'Skills with files that were changed by hand, as they were when another version came.'],
  ['~/.skills/.locks', 'Who is changing what right now, and how to put right what was killed.'],
  ['~/.skills/.cache', 'Archives and metadata; can be removed at any time.'],
];

export interface Topic {
  title: string;
  rows: readonly (readonly [string, string])[];
}

/** What `skills help <topic>` explains beside commands. */
export const TOPICS: Readonly<Record<string, Topic>> = {
  'exit-codes': { title: 'Exit codes', rows: Object.entries(EXIT_CODES) },
  environment: { title: 'Environment', rows: ENVIRONMENT },
  files: { title: 'Files', rows: FILES },
};
