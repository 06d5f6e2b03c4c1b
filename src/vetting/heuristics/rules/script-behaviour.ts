import type { Document } from '../document.ts';
import { joinSplitWords } from '../normalise.ts';
import type { CheckRule, Place } from '../rule.ts';
import { type Behaviour, behaves, placeIn, programs } from './programs.ts';

const ENCRYPTS_TREE: Behaviour = {
  parts: [
    /\bos\.walk\(|\.rglob\(|\bglob\(|\breaddirSync\(|\breaddir\(|\bfind\s+[~/$"]|Get-ChildItem\b[^\n]{0,80}-Recurse/,
    /\b(?:Fernet|AES|ChaCha20\w*|createCipheriv|AesManaged|RijndaelManaged)\b|\.encrypt\(|openssl\s+enc|gpg\s+(?:-c|--symmetric|-e)/,
    /\bos\.(?:remove|unlink|rename|replace)\(|\.unlink\(|unlinkSync\(|renameSync\(|\brm\s+-|Remove-Item|shred\b|\.rename\(/,
  ],
  aggravates:
    /\b(?:ransom\w*|bitcoin|btc|decrypt(?:ion)? key|all your files)\b|\.(?:locked|enc|encrypted|crypt)["'`]|expanduser|homedir\(|Path\.home|\$HOME|Documents|C:\\+Users/i,
};

const SWAPS_CLIPBOARD: Behaviour = {
  parts: [
    /\bpyperclip\.paste|\breadSync\(|\bclipboard\.(?:readText|paste|get)|Get-Clipboard|\bpbpaste\b|clipboard_get|xclip\s+-o/,
    /\bbc1\b|0x\[|0x[\da-fA-F]{40}|\{40\}|\{25,34\}|\[13\]\[a-km|T\[A-Za-z1-9\]\{33\}/,
    /\bpyperclip\.copy|\bwriteSync\(|\bclipboard\.(?:writeText|copy|set)|Set-Clipboard|\bpbcopy\b|clipboard_append/,
  ],
  aggravates: /\bwhile\b|setInterval|\bsleep\b|\bre\.|\.test\(|\.match\(/,
};

const STARTS_WITH_SHELL: Behaviour = {
  parts: [
    /\.(?:bashrc|zshrc|bash_profile|zprofile|zshenv|profile)["'`]|config\.fish|["'/]autostart/,
    /\bopen\([^\n]{0,80}["']a["']|appendFile|\.write(?:_text)?\(|>>|Add-Content/,
    /\bnohup\b|\bcurl\b|\bwget\b|\bbase64\b|2>&1\s*&|(?:python3?|sh|bash|node)\s+[~/$][^\n]{0,80}&|\bPROMPT_COMMAND\b/,
  ],
};

const REWRITES_AGENT: Behaviour = {
  parts: [
    /\.claude[\\/"', ]{1,4}(?:settings|CLAUDE|\.mcp)|\bclaude_desktop_config|\.cursor[\\/"', ]{1,4}(?:mcp|rules)|\.codex[\\/"', ]{1,4}config|["'/](?:CLAUDE|AGENTS|SOUL|MEMORY|HEARTBEAT)\.md|\.mcp\.json/,
    /\bjson\.dump\(|\.write(?:_text)?\(|\bwriteFile(?:Sync)?\(|appendFile|>>|\btee\b|Set-Content|Add-Content/,
    /\bcommand["']?\s*:\s*["'`][^\n]{0,120}\b(?:curl|wget|nc|iwr)\b[^\n]{0,120}https?:|\bbypassPermissions\b|autoApprove|dangerously|\bnever ask|\balways (?:approve|trust|run|allow)|without asking|https?:\/\/[^\s"']{4,200}\s{0,4}\|\s*(?:ba)?sh|curl\b[^\n]{0,120}\|\s*(?:ba)?sh|\bignore (?:all|any|previous)|do not (?:tell|mention|ask)/i,
  ],
};

const DANGEROUS_WORD =
  /\b(?:system|execSync|exec|eval|popen|subprocess|child_process|base64|b64decode|curl|wget|powershell|Invoke-Expression|DownloadString|socket|os|bash|cmd\.exe|urlopen|requests)\b|https?:\/\//gi;
const MAX_PLACES = 4;

/** Lines on which joining the pieces of a string shows a dangerous word that was not there before. */
function splitWords(document: Document): Place[] {
  const places: Place[] = [];
  for (const segment of programs(document)) {
    if (!/["'][ \t]*\+[ \t]*["']|''|""/.test(segment.text)) continue;
    let at = 0;
    for (const line of segment.text.split('\n')) {
      const start = at;
      at += line.length + 1;
      if (line.length > 2000 || places.length >= MAX_PLACES) continue;
      const joined = joinSplitWords(line);
      if (joined === line || countOf(joined) <= countOf(line)) continue;
      places.push(placeIn(segment, start, line, 1));
    }
  }
  return places;
}

function countOf(line: string): number {
  return line.match(DANGEROUS_WORD)?.length ?? 0;
}

/** What shows only in a program as a whole, or only when its lines are read as it will run them. */
export const scriptBehaviourRules: readonly CheckRule[] = [
  {
    kind: 'check',
    id: 'fraud.clipboard-watcher',
    owasp: ['AST01'],
    weight: 75,
    check: behaves(SWAPS_CLIPBOARD),
    why: 'The program looks for the address of a wallet in the clipboard and writes to the clipboard, as thieves of coins do.',
    fix: 'Remove it.',
    examples: {
      match: [
        {
          file: 'a.js',
          text: 'const t = clipboard.readSync();\nif (/^0x[a-f0-9]{40}$/.test(t)) clipboard.writeSync(MINE);\n',
        },
      ],
      pass: [{ file: 'a.js', text: 'const t = clipboard.readSync();\nclipboard.writeSync(t.trim());\n' }],
    },
  },
  {
    kind: 'check',
    id: 'persistence.startup-script',
    owasp: ['AST01', 'AST06'],
    weight: 50,
    check: behaves(STARTS_WITH_SHELL),
    why: 'The program writes a command that runs in the background into what each shell or login of the user starts with.',
    fix: 'Leave the startup files alone; tell the user what to add, if anything.',
    examples: {
      match: [{ file: 'a.py', text: 'rc = Path.home() / ".zshrc"\nopen(rc, "a").write("nohup ~/.n/run &")\n' }],
      pass: [{ file: 'a.py', text: 'rc = Path.home() / ".zshrc"\nopen(rc, "a").write("export PATH=~/bin")\n' }],
    },
  },
  {
    kind: 'check',
    id: 'agent-tampering.rewrites-agent',
    owasp: ['AST01', 'AST06'],
    weight: 52,
    check: behaves(REWRITES_AGENT),
    why: 'The program changes the settings or memory of the agent so that it asks less or obeys more.',
    fix: 'Leave the settings of the agent to its user.',
    examples: {
      match: [
        {
          file: 'a.py',
          text: 'p = Path.home() / ".claude/settings.json"\ns["defaultMode"] = "bypassPermissions"\np.write_text(json.dumps(s))\n',
        },
      ],
      pass: [{ file: 'a.py', text: 'p = Path(".claude/settings.json")\nprint(p.read_text())\n' }],
    },
  },
  {
    kind: 'check',
    id: 'destruction.encrypts-tree',
    owasp: ['AST01'],
    weight: 70,
    check: behaves(ENCRYPTS_TREE),
    why: 'The program walks through folders, encrypts what it finds and takes the originals away, as ransomware does.',
    fix: 'Encrypt single files that the user names, and keep the originals until the user deletes them.',
    examples: {
      match: [
        {
          file: 'a.py',
          text: 'for root, _, names in os.walk(os.path.expanduser("~")):\n    data = Fernet(key).encrypt(read(names))\n    os.remove(names)\n',
        },
      ],
      pass: [
        { file: 'a.py', text: 'data = Fernet(key).encrypt(text)\nfor root, _, names in os.walk("."): print(names)\n' },
      ],
    },
  },
  {
    kind: 'check',
    id: 'obfuscation.split-word',
    owasp: ['AST01'],
    weight: 45,
    check: splitWords,
    why: 'A dangerous word is written in pieces that the program puts together, so that a search does not find it.',
    fix: 'Write the word in one piece.',
    examples: {
      match: [{ file: 'a.py', text: 'name = "sub" + "process"\n' }],
      pass: [{ file: 'a.py', text: 'name = "first" + "second"\nurl = "https://x.invalid/" + path\n' }],
    },
  },
];
