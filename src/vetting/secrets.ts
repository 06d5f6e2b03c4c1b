import { isDocumentedJwt, isKeyBody, isPlaceholder, isRandomLiteral } from './secret-shape.ts';

/** A place in a text that looks like a real credential. */
export interface SecretMatch {
  /** Kebab-case id of the rule. */
  rule: string;
  /** What kind of credential it is, for people. */
  label: string;
  /** Counted from 1. */
  line: number;
  /** At most the first six characters and the length: safe to show and store. */
  masked: string;
}

interface SecretRule {
  rule: string;
  label: string;
  /** Global; the group `secret` holds the credential. */
  pattern: RegExp;
  /** Says whether a match is real; the default refuses placeholders only. */
  isReal?: (secret: string) => boolean;
}

/**
 * The formats are those that the issuers document or that their tokens have had for years.
 *
 * Every pattern takes time in proportion to the text: what repeats is bounded, and a
 * match that can fail late begins only where a word of its own alphabet does. Unbounded repeats overflow the stack.
 */
const RULES: SecretRule[] = [
  { rule: 'aws-access-key', label: 'AWS access key id', pattern: /\b(?<secret>(?:AKIA|ASIA)[A-Z2-7]{16})\b/g },
  { rule: 'github-token', label: 'GitHub token', pattern: /\b(?<secret>gh[pousr]_[A-Za-z0-9]{36,251})\b/g },
  {
    rule: 'github-fine-grained-token',
    label: 'GitHub fine-grained token',
    pattern: /\b(?<secret>github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})\b/g,
  },
  { rule: 'gitlab-token', label: 'GitLab token', pattern: /\b(?<secret>glpat-[A-Za-z0-9_-]{20,300})/g },
  {
    rule: 'slack-token',
    label: 'Slack token',
    pattern: /\b(?<secret>xox[abeoprs]-(?:[0-9]{1,20}-){1,3}[A-Za-z0-9]{16,64})\b/g,
  },
  {
    rule: 'slack-webhook',
    label: 'Slack webhook address',
    pattern: /(?<secret>hooks\.slack\.com\/services\/T[A-Z0-9]{8,12}\/B[A-Z0-9]{8,12}\/[A-Za-z0-9]{24})\b/g,
  },
  { rule: 'stripe-key', label: 'Stripe live key', pattern: /\b(?<secret>[rs]k_live_[A-Za-z0-9]{24,247})\b/g },
  { rule: 'google-api-key', label: 'Google API key', pattern: /\b(?<secret>AIza[A-Za-z0-9_-]{35})(?![A-Za-z0-9_-])/g },
  {
    rule: 'openai-key',
    label: 'OpenAI key',
    pattern:
      /(?<![A-Za-z0-9_-])(?<secret>sk-(?:(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,200}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}|[A-Za-z0-9]{48}))(?![A-Za-z0-9_-])/g,
  },
  {
    rule: 'anthropic-key',
    label: 'Anthropic key',
    pattern: /\b(?<secret>sk-ant-[a-z]{1,20}[0-9]{2}-[A-Za-z0-9_-]{40,200})/g,
  },
  { rule: 'npm-token', label: 'npm token', pattern: /\b(?<secret>npm_[A-Za-z0-9]{36})\b/g },
  { rule: 'pypi-token', label: 'PyPI token', pattern: /\b(?<secret>pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,250})/g },
  { rule: 'hugging-face-token', label: 'Hugging Face token', pattern: /\b(?<secret>hf_[A-Za-z]{34})\b/g },
  {
    rule: 'sendgrid-key',
    label: 'SendGrid key',
    pattern: /\b(?<secret>SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43})(?![A-Za-z0-9_-])/g,
  },
  { rule: 'skills-hub-key', label: 'API key of this registry', pattern: /\b(?<secret>(?:skh|skreg)_[0-9a-f]{64})\b/g },
  {
    rule: 'json-web-token',
    label: 'JSON Web Token',
    pattern:
      /(?<![A-Za-z0-9_-])(?<secret>eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{20,1000})/g,
    isReal: (secret) => !isPlaceholder(secret) && !isDocumentedJwt(secret),
  },
  {
    rule: 'private-key',
    label: 'private key',
    pattern: /-----BEGIN (?:[A-Z]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?<secret>[^-]{60,20000})-----END /g,
    isReal: isKeyBody,
  },
  {
    rule: 'assigned-literal',
    label: 'password or key in the code',
    pattern:
      /(?:password|passwd|secret|token|(?:api|access|private|secret)[_-]?key)["']?[ \t]{0,8}(?:=>|:=|=|:)[ \t]{0,8}(?<quote>["'`])(?<secret>[^"'`\s]{16,256})\k<quote>/gi,
    isReal: isRandomLiteral,
  },
];

/**
 * Finds credentials in a text, in the order of the rules, each distinct one once. Placeholders do not count.
 * @param max the search ends when it has found so many
 */
export function findSecrets(text: string, max = Number.POSITIVE_INFINITY): SecretMatch[] {
  const seen = new Set<string>();
  const matches: SecretMatch[] = [];
  for (const { rule, label, pattern, isReal } of RULES) {
    const lineAt = lineCounter(text);
    for (const match of text.matchAll(pattern)) {
      if (matches.length >= max) return matches;
      const secret = match.groups?.secret ?? '';
      if (seen.has(secret) || !(isReal?.(secret) ?? !isPlaceholder(secret))) continue;
      seen.add(secret);
      matches.push({ rule, label, line: lineAt(match.index), masked: mask(rule, secret) });
    }
  }
  return matches;
}

function mask(rule: string, secret: string): string {
  if (rule === 'private-key') return '-----BEGIN PRIVATE KEY-----…';
  const shown = rule === 'assigned-literal' ? 2 : 6;
  return `${secret.slice(0, shown)}… (${secret.length} characters)`;
}

/** Returns what tells the line of a place, for places that are asked for in ascending order. */
function lineCounter(text: string): (index: number) => number {
  let line = 1;
  let next = text.indexOf('\n');
  return (index) => {
    for (; next !== -1 && next < index; next = text.indexOf('\n', next + 1)) line++;
    return line;
  };
}
