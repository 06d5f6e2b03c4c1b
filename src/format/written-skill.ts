import { stringify } from 'yaml';

/** What a publisher says of a skill without sending its files. */
export interface SkillDescription {
  name: string;
  version: string;
  description: string;
  author: { name: string; email?: string; url?: string };
  license: string;
  keywords: string[];
  capabilities: string[];
  /** Semver ranges by name. */
  frameworks: Record<string, string>;
  /** Semver ranges by name of the skill; a map within holds packages of another ecosystem. */
  dependencies?: Record<string, string | Record<string, string>>;
  homepage?: string;
  repository?: string;
  npmPackage?: string;
  npmVersion?: string;
}

/** A `SKILL.md` that says no more than the description does. */
export function writeSkillMd({ name, version, description, license, homepage, repository }: SkillDescription): string {
  const frontmatter = stringify({ name, description, license, metadata: { version } }, { lineWidth: 0 });
  const links = [homepage, repository].filter((link) => link !== undefined).map((link) => `- <${link}>\n`);
  return `---\n${frontmatter}---\n\n# ${name}\n\n${description}\n${links.length > 0 ? `\n${links.join('')}` : ''}`;
}

type Extended = Omit<SkillDescription, 'name' | 'description'> & { name?: string };

/** A `skill.yaml` that says all of it but the description, which is for `SKILL.md` to give, as may be the name. */
export function writeSkillYaml({ npmPackage, npmVersion, ...rest }: Extended): string {
  const npm = { 'npm-package': npmPackage, 'npm-version': npmVersion };
  return stringify({ ...rest, ...npm }, { lineWidth: 0 });
}
