/** What a skill says it is about, as far as it changes how the rules read it. */
export interface Topic {
  /** The frontmatter, lower case. */
  text: string;
  /** It is about attacks, and so quotes them. */
  isSecurity: boolean;
}

const STRONG =
  /\b(?:malware|malicious|prompt[- ]injections?|jailbreaks?|pen-?test\w*|penetration test\w*|red[- ]team\w*|exploit\w*|yara|semgrep|codeql|forensics?|vulnerabilit\w+|threat model\w*|threat (?:intel\w*|hunt\w*|detect\w*)|ctf|incident response|security (?:audit|review|scan|check|assess|research|test|guard|hook|expert|engineer)\w*|owasp|attack (?:surface|vector|pattern|simulat)\w*|injection (?:attack|defen[cs]e|detect)\w*|obfuscat\w+|guardrails?|supply[- ]chain|exfiltrat\w+|hardening|sandbox\w*|foot-?guns?|error-prone|dangerous (?:api|config)\w*|misuse)\b/g;
const WEAK =
  /\b(?:security|secure|attacks?|threats?|audit\w*|vulnerab\w+|credentials?|secrets?|scan\w*|defen[cs]e\w*|unsafe|untrusted)\b/g;

/** @param frontmatter the YAML of `SKILL.md`, where the skill says what it is for */
export function topicOf(frontmatter: string): Topic {
  const text = frontmatter.toLowerCase().slice(0, 4000);
  const strong = new Set(text.match(STRONG)).size;
  const weak = new Set(text.match(WEAK)).size;
  return { text, isSecurity: strong >= 2 || (strong >= 1 && weak >= 1) || weak >= 3 };
}
