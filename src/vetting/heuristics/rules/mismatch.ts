import type { Document } from '../document.ts';
import { excerptOf } from '../excerpt.ts';
import type { CheckRule, Place } from '../rule.ts';

interface Capability {
  what: string;
  uses: RegExp;
  /** Words of a description that make the capability no surprise. */
  explains: RegExp;
}

const CAPABILITIES: Capability[] = [
  {
    what: 'reads keys of the user',
    uses: /(?:~|\$HOME|expanduser|homedir\(\)|Path\.home\(\))[^\n]{0,40}\.(?:ssh|aws|gnupg|kube)\b(?!\/known_hosts|\/config)|\bid_(?:rsa|ed25519)\b(?!\.pub)|\bfind-(?:generic|internet)-password\b|\bLogin Data\b|\bwallet\.dat\b/,
    explains:
      /\b(?:ssh|aws|cloud|deploy\w*|kube\w*|k8s|secrets?|credentials?|keychain|password|auth\w*|login|security|server|remote|git|gpg|sign\w*|wallet|crypto|browser|infra\w*|terraform|devops|vm|cluster|s3|bedrock|sagemaker)\b/,
  },
  {
    what: 'copies the whole environment',
    uses: /JSON\.stringify\(\s*process\.env\s*[,)]|json\.dumps\(\s*dict\(\s*os\.environ|\bprintenv\s*[|>]|(?<![\w/.$-])env\s*\|\s*(?:base64|curl|nc|gzip|xxd)|\/proc\/self\/environ/,
    explains: /\b(?:environment|env|debug\w*|diagnos\w*|config\w*|dotenv|doctor|troubleshoot\w*|ci)\b/,
  },
  {
    what: 'opens sockets of its own',
    uses: /\bsocket\.socket\([^\n]{0,80}|\bnew net\.Socket\(|\bSockets\.TCPClient\b/,
    explains:
      /\b(?:network\w*|sockets?|tcp|udp|server|port|protocol|proxy|mcp|scan\w*|http|websocket|robot\w*|mqtt|iot|device|bridge|connect\w*|automation|remote|database|blender|unity|daw|ableton|osc)\b/,
  },
  {
    what: 'makes itself start again',
    uses: /\|\s*crontab\b|\blaunchctl\s+load\b|\bLaunchAgents\b|\bschtasks\s+\/create\b|\bRegister-ScheduledTask\b|CurrentVersion\\{1,4}Run\b/,
    explains:
      /\b(?:cron\w*|schedul\w*|daemon|service|launch\w*|background|automat\w*|monitor\w*|reminder\w*|daily|hourly|install\w*|setup|deploy\w*|server|watch\w*|periodic\w*|backup)\b/,
  },
];

const RUNS = new Set(['script', 'code', 'decoded']);

function unexplained({ segments, topic }: Document): Place[] {
  if (topic.text === '') return [];
  return CAPABILITIES.flatMap(({ what, uses, explains }) => {
    if (explains.test(topic.text)) return [];
    for (const segment of segments) {
      if (!RUNS.has(segment.kind)) continue;
      const match = uses.exec(segment.text);
      if (match === null) continue;
      const line = segment.line + segment.text.slice(0, match.index).split('\n').length - 1;
      const excerpt = `${what}: ${excerptOf(segment.text, match.index, match.index + match[0].length)}`.slice(0, 160);
      return [{ file: segment.file, line, excerpt, factor: segment.kind === 'code' ? 0.6 : 1 }];
    }
    return [];
  });
}

const skill = (description: string, script: string) => ({
  file: 'SKILL.md',
  text: `---\nname: a\ndescription: ${description}\n---\n\n\`\`\`sh\n${script}\n\`\`\`\n`,
});

/** What the code can do and the description does not say. */
export const mismatchRules: readonly CheckRule[] = [
  {
    kind: 'check',
    id: 'mismatch.unexplained-capability',
    owasp: ['AST04', 'AST03'],
    weight: 28,
    check: unexplained,
    why: 'The code does something that nothing in the description leads one to expect.',
    fix: 'Say in the description what the skill touches and why, or leave it out.',
    examples: {
      match: [skill('Formats dates for people in many languages.', 'cat ~/.ssh/id_rsa | wc -c')],
      pass: [
        skill('Sets up SSH access to your servers.', 'ssh-add ~/.ssh/id_rsa'),
        skill('Formats dates for people.', 'date +%F'),
      ],
    },
  },
];
