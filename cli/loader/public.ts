// What the package `skills-hub/loader` declares: a build copies this file to dist/loader/index.d.ts.

/** Where a skill was found; in this order one of the same name wins. */
export type SkillScope = 'folder' | 'project' | 'global';

export interface LoadOptions {
  /** Where to look for the project from, upwards; the working directory unless given. */
  cwd?: string;
  /** The user's home directory. */
  home?: string;
  /** What `skills` keeps for the user: `SKILLS_HOME`, else `.skills` in the home directory. */
  skillsHome?: string;
  /** Further folders that hold skills, such as `.claude/skills`, relative to `cwd`; they win over all others. */
  folders?: readonly string[];
  /** Leaves out the project's skills or the user's. Both are loaded unless given. */
  scopes?: readonly ('project' | 'global')[];
  /** Loads a recorded skill only if its files are exactly those that were installed. Reads all of them. */
  verify?: boolean;
  /** Called with each warning, once all skills are loaded. */
  onWarning?: (warning: LoadWarning) => void;
}

export type LoadWarningCode =
  /** A folder or record of skills could not be read. */
  | 'unreadable'
  /** `skills.lock` or `index.json` is not what it should be. */
  | 'damaged_record'
  /** A skill breaks the rules of the format and is left out. */
  | 'invalid_skill'
  /** A file beside SKILL.md that describes the skill is broken and passed over. */
  | 'invalid_metadata'
  /** An adapter is broken and left out. */
  | 'invalid_adapter'
  /** The folder of a skill has another name than the skill. */
  | 'name_differs'
  /** A recorded skill is not there. */
  | 'not_installed'
  /** With `verify`: the files are not those that were installed; the skill is left out. */
  | 'changed'
  /** A skill that another one needs is not loaded, or in a version that will not do. */
  | 'dependency';

/** Something that is wrong with the skills; the others are loaded all the same. */
export interface LoadWarning {
  code: LoadWarningCode;
  /** The file or folder. */
  path: string;
  message: string;
  /** What to do about it. */
  fix: string;
}

export interface SkillNeed {
  /** `name` or `@namespace/name`. */
  name: string;
  /** A semver range, or `latest`. */
  range: string;
  optional: boolean;
}

/** One file of a skill. */
export interface SkillFile {
  /** Relative to the skill's folder, with `/`. */
  path: string;
  /** In bytes. */
  size: number;
}

/** A skill as far as an agent needs it to choose; what it says in full is read on demand. */
export interface Skill {
  name: string;
  /** What it does and when to use it. */
  description: string;
  /** A semantic version, if one is recorded or stated. */
  version?: string;
  /** Of the registry's namespace it came from, if that is recorded or stated. */
  namespace?: string;
  scope: SkillScope;
  /** The absolute path of its folder. */
  path: string;
  license?: string;
  compatibility?: string;
  /** As SKILL.md has it: separated by spaces. */
  allowedTools?: string;
  keywords: readonly string[];
  /** The skills that it needs. */
  dependencies: readonly SkillNeed[];
  /** The whole frontmatter of SKILL.md as plain data. */
  frontmatter: Readonly<Record<string, unknown>>;
  /** What it says to single frameworks, by their names: `.skill/openai.json`, parsed, is `adapters.openai`. */
  adapters: Readonly<Record<string, unknown>>;
  /**
   * The instructions: SKILL.md without its frontmatter.
   * @throws SkillFileError when the file is gone or broken by now
   */
  body(): Promise<string>;
  /**
   * All files, sorted by path. Links that lead out of the skill are left out.
   * @throws SkillFileError `too_large` for more than 10,000 files
   */
  files(): Promise<SkillFile[]>;
  /**
   * The bytes of one file. Paths and links that lead out of the skill are refused.
   * @throws SkillFileError
   */
  read(path: string): Promise<Uint8Array>;
  /**
   * One file as text; what is not UTF-8 in it is replaced.
   * @throws SkillFileError as `read`
   */
  readText(path: string): Promise<string>;
}

/** A skill that another one of the same name stands before. */
export interface ShadowedSkill {
  name: string;
  version?: string;
  scope: SkillScope;
  path: string;
  /** The path of the skill that is loaded instead. */
  by: string;
}

export interface LoadedSkills {
  /** One a name, sorted by name. */
  skills: readonly Skill[];
  warnings: readonly LoadWarning[];
  shadowed: readonly ShadowedSkill[];
  get(name: string): Skill | undefined;
}

/**
 * Finds the skills of the project and of the user and reads what an agent needs to choose among them. Never rejects,
 * unless `onWarning` throws: what is wrong with a skill is a warning, and the others are loaded.
 */
export declare const loadSkills: (options?: LoadOptions) => Promise<LoadedSkills>;

export type SkillFileErrorCode = 'invalid_path' | 'outside' | 'not_found' | 'not_a_file' | 'too_large' | 'unreadable';

/** A file of a skill that cannot be had. */
export declare class SkillFileError extends Error {
  override readonly name: 'SkillFileError';
  readonly code: SkillFileErrorCode;
  /** As it was asked for. */
  readonly path: string;
  constructor(code: SkillFileErrorCode, path: string, problem: string, options?: { cause?: unknown });
}
