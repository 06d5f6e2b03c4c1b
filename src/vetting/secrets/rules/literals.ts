import { isPlaceholder, isRandomLiteral } from '../placeholder.ts';
import type { SecretRule } from '../rule.ts';
import { isLiveJwt } from '../structure.ts';

/** Around a value whose form proves nothing, the words for what anybody may know. */
const FOR_TESTS = /\b(?:test|tests|testing|sandbox|demo)\b/i;

export const LITERAL_RULES: readonly SecretRule[] = [
  {
    id: 'json-web-token',
    provider: 'RFC 7519',
    label: 'JSON Web Token',
    source: 'https://www.rfc-editor.org/rfc/rfc7519',
    keywords: ['eyJ'],
    pattern:
      /(?:(?<![A-Za-z0-9_-])|(?<=\\[nrt]))(?<secret>eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{20,1000})/y,
    judgesAlone: true,
    isReal: (token) => isLiveJwt(token) && !isPlaceholder(token.slice(token.lastIndexOf('.') + 1)),
  },
  {
    id: 'assigned-literal',
    provider: 'any',
    label: 'password or key in the code',
    source: 'https://cwe.mitre.org/data/definitions/798.html',
    keywords: [
      'password',
      'passwd',
      'secret',
      'token',
      'api_key',
      'api-key',
      'apikey',
      'access_key',
      'access-key',
      'accesskey',
      'private_key',
      'private-key',
      'privatekey',
    ],
    pattern:
      /(?:password|passwd|secret|token|(?:api|access|private|secret)[_-]?key)["']?[ \t]{0,8}(?:=>|:=|=|:)[ \t]{0,8}(?<quote>["'`])(?<secret>[^"'`\s]{16,256})\k<quote>/iy,
    judgesAlone: true,
    isReal: isRandomLiteral,
    adviceNear: FOR_TESTS,
    generic: true,
  },
  {
    id: 'assigned-environment',
    provider: 'any',
    label: 'password or key of an environment',
    source: 'https://cwe.mitre.org/data/definitions/798.html',
    keywords: ['password', 'passwd', 'secret', 'token', 'secret_key', 'api_key', 'apikey', 'access_key', 'private_key'],
    // A line of a shell's or an `.env` file: nothing quotes the value, so the name is in capitals and the line ends.
    pattern:
      /(?<=^[ \t]{0,8}(?:export )?[A-Z0-9_]{0,40})(?:PASSWORD|PASSWD|SECRET|TOKEN|SECRET_KEY|API_?KEY|ACCESS_KEY|PRIVATE_KEY)=(?<secret>[^"'`\s=#;,]{16,256})[ \t]{0,8}(?=\r?$)/my,
    judgesAlone: true,
    isReal: isRandomLiteral,
    adviceNear: FOR_TESTS,
    generic: true,
  },
];
