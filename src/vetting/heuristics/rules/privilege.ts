import type { Document } from '../document.ts';
import { words } from '../phrase.ts';
import type { CheckRule, PatternRule, Place } from '../rule.ts';

const TOOLS = /^(?:allowed-tools|tools)\s*:\s*(.*)$/m;
const UNLIMITED =
  /(?:^|[\s,["'])(?:\*|all|Bash\(\s*(?:\*|:\*|\*:\*)\s*\)|Bash\((?:sudo|curl|wget|sh|bash|rm|eval|nc|ssh|scp|osascript)\b[^)\n]{0,20}\*\s*\))(?=$|[\s,\]"'])/g;

function widePermissions({ segments }: Document): Place[] {
  return segments
    .filter((segment) => segment.kind === 'frontmatter' && /(?:^|\/)SKILL\.md$/i.test(segment.file))
    .flatMap((segment) => {
      const field = TOOLS.exec(segment.text);
      if (field === null) return [];
      const list = `${field[1] ?? ''}${listBelow(segment.text, field.index + field[0].length)}`;
      const found = list.match(UNLIMITED);
      if (found === null) return [];
      const line = segment.line + segment.text.slice(0, field.index).split('\n').length - 1;
      const excerpt = `${field[0].slice(0, 100)} (${found.length} without limit)`;
      return [
        {
          file: segment.file,
          line,
          excerpt,
          factor: found.some((tool) => /\*\s*$|all|Bash\(\s*[:*]/.test(tool.trim())) ? 1 : 0.7,
        },
      ];
    });
}

function listBelow(text: string, from: number): string {
  return /^(?:\n[ \t]*-[^\n]{0,200})*/.exec(text.slice(from, from + 4000))?.[0].replace(/\n[ \t]*-/g, ' ') ?? '';
}

/** More rights than a skill should have or take. */
export const privilegeRules: readonly (CheckRule | PatternRule)[] = [
  {
    kind: 'check',
    id: 'privilege.unlimited-tools',
    owasp: ['AST03'],
    weight: 20,
    check: widePermissions,
    why: 'The skill asks to use a shell or every tool without being asked again, so that nothing stands between it and the machine.',
    fix: 'List the commands that it needs, such as Bash(git status:*).',
    examples: {
      match: [
        {
          file: 'SKILL.md',
          text: '---\nname: a\ndescription: Formats dates for people.\nallowed-tools: Bash(*) Read\n---\n# A\n',
        },
      ],
      pass: [
        {
          file: 'SKILL.md',
          text: '---\nname: a\ndescription: Formats dates for people.\nallowed-tools: Bash(git status:*) Read\n---\n# A\n',
        },
      ],
    },
  },
  {
    kind: 'pattern',
    id: 'privilege.root-for-good',
    owasp: ['AST01', 'AST03'],
    reads: 'code',
    isCommand: true,
    weight: 65,
    words: words('nopas* nopasswd sudoers chmod setcap visudo chown setuid usermod setui*'),
    pattern:
      /\bNOPASSWD\s*:\s*ALL\b[^\n]{0,80}|(?:>>?|\btee\b|\bopen\()[^\n]{0,80}\/etc\/sudoers[^\n]{0,60}|\bchmod\s+(?:-R\s+)?(?:[ugo]*\+s|[246]7\d\d)\s[^\n]{0,80}|\bsetcap\s+cap_(?:setuid|sys_admin|dac_\w+)[^\n]{0,80}|\busermod\s+[^\n]{0,20}-\w*G\s*(?:sudo|wheel|root)\b[^\n]{0,40}|\bos\.setuid\(\s*0\s*\)|\bchmod\s+-R\s+777\s+\/(?:\s|$|etc|usr|home)/gi,
    judge: ({ match, document }) =>
      /\b(?:provision\w*|server|vps|infrastructure|ansible|container|docker|hardening|image|ci|jetson|edge)\b/.test(
        document.topic.text,
      ) || /2775|2755|2770/.test(match[0])
        ? 0.3
        : 1,
    why: 'It gives itself or everybody the rights of root for good.',
    fix: 'Ask for sudo for the one command that needs it.',
    examples: {
      match: [
        '```sh\necho "$USER ALL=(ALL) NOPASSWD: ALL" | sudo tee /etc/sudoers.d/x\n```',
        '```sh\nsudo chmod u+s /bin/bash\n```',
      ],
      pass: ['```sh\nchmod 755 run.sh\nsudo apt-get update\n```'],
    },
  },
  {
    kind: 'pattern',
    id: 'privilege.sandbox-off',
    owasp: ['AST03', 'AST06'],
    reads: 'code',
    weight: 24,
    words: words('dange* yolo appro* permi* bypas* autoa* auto_* privi* docker skip sandb* alway* nsenter allow* no'),
    pattern:
      /--dangerously-(?:skip-permissions|bypass-approvals-and-sandbox)\b|["']?(?:permissionMode|defaultMode|permission_mode)["']?\s*[:=]\s*["']?bypassPermissions\b|["']?(?:autoApprove|auto_approve|alwaysAllow|autoApproveAll)["']?\s*[:=]\s*(?:true|\[\s*["']\*)|["']?approval_policy["']?\s*[:=]\s*["']never["']|["']?sandbox_mode["']?\s*[:=]\s*["']danger-full-access["']|["']permissions["'][^\n]{0,60}["']allow["']\s*:\s*\[\s*["'](?:\*|Bash(?:\(\*\))?)["']|\bdocker\s+run\b[^\n]{0,160}(?:--privileged|-v\s+\/:\/|--pid[= ]host)[^\n]{0,80}|\bnsenter\s[^\n]{0,60}-t\s*1\b|["']?enableAllProjectMcpServers["']?\s*:\s*true|--yolo\b|\bdisable-?sandbox\b/gi,
    judge: ({ match, unit, document }) => {
      if (/docker/i.test(match[0])) return 0.3;
      const writes = />|tee|write|open\(|jq|sed\s+-i|settings|config/i.test(unit);
      const about = /\b(?:claude|codex|agent|cli|permission\w*|orchestrat\w*|delegat\w*|sub-?agents?|coding)\b/.test(
        document.topic.text,
      );
      return (writes ? 1.2 : 0.5) * (about ? 0.45 : 1);
    },
    why: 'It switches off the questions or the sandbox that keep an agent from doing harm.',
    fix: 'Leave the decision about permissions to the user.',
    examples: {
      match: [
        '```sh\njq \'.permissionMode="bypassPermissions"\' ~/.claude/settings.json > s && echo \'{"autoApprove": true}\' > config.json\n```',
      ],
      pass: ['```sh\nclaude --permission-mode plan\n```'],
    },
  },
];
