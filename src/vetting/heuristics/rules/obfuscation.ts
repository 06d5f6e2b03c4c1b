import { words } from '../phrase.ts';
import type { FlowRule, PatternRule } from '../rule.ts';

const FIX = 'Ship readable code. If data must be encoded, keep it in a file of its own and never run it.';

/** Code that is written so that nobody can read what it does. */
export const obfuscationRules: readonly (PatternRule | FlowRule)[] = [
  {
    kind: 'pattern',
    id: 'obfuscation.decode-and-run',
    owasp: ['AST01'],
    reads: 'code',
    weight: 85,
    words: words(
      'base64 xxd openssl b64de* atob fromb* marshal zlib gzip codecs eval exec decom* fromc* buffer gunzip rev tr iex invok* fromh*',
    ),
    pattern:
      /\b(?:base64\s+(?:-\w*[dD]\w*|--decode)|openssl\s+(?:enc\s+)?-?base64\s+-d|xxd\s+-r(?:\s+-p)?|gunzip(?:\s+-c)?|rev|tr\s+\S{3,20}\s+\S{3,20})\b[^\n|]{0,80}\|\s*(?:[^\n|]{0,60}\|\s*)?(?:sudo\s+)?(?:\/bin\/)?(?:(?:ba|z|da|k)?sh|python[\d.]*|perl|ruby|node|php|source|eval)\b|\b(?:eval|(?:ba|z)?sh\s+-c|source|\.)\s+["']?(?:\$\(|`|<\()[^\n)`]{0,300}?(?:base64\s+-{1,2}[dD]|xxd\s+-r|\brev\b|openssl\s)[^\n]{0,100}|(?<![\w.$])(?:eval|exec|execfile)\s*\(\s*(?:compile\s*\(\s*)?[^\n;]{0,80}?(?:b64decode|b32decode|b85decode|a85decode|unhexlify|fromhex|codecs\.decode|zlib\.decompress|marshal\.loads|lzma\.decompress|gzip\.decompress|bz2\.decompress|atob\s*\(|Buffer\.from|String\.fromCharCode|unescape\(|decodeURIComponent|base64_decode|gzinflate|str_rot13|\[::-1\])[^\n]{0,160}|\bnew Function\s*\(\s*[^\n)]{0,60}(?:atob|Buffer\.from|fromCharCode|unescape)[^\n]{0,120}|\b(?:iex|Invoke-Expression)\b[^\n]{0,120}(?:FromBase64String|-join\s*\(|\[char\]|GzipStream|DeflateStream|-replace)[^\n]{0,120}|\[(?:System\.)?(?:Text\.)?Encoding\][^\n]{0,60}FromBase64String[^\n]{0,200}\|\s*(?:iex|Invoke-Expression)|\brequire\(\s*Buffer\.from\([^\n]{0,100}|\b__import__\(\s*(?:["']\w+["']\s*\[|base64|bytes|""\.join|chr\()[^\n]{0,120}/gi,
    why: 'Encoded text is decoded and run, so that nobody can see what runs.',
    fix: FIX,
    examples: {
      match: [
        '```sh\necho aGVsbG8gd29ybGQgZm9v | base64 -d | bash\n```',
        { file: 'a.py', text: 'exec(__import__("base64").b64decode(P))\n' },
        { file: 'a.js', text: 'eval(Buffer.from(blob, "base64").toString())\n' },
      ],
      pass: [
        '```sh\necho "$SECRET" | base64 -d > key.json\n```',
        { file: 'a.py', text: 'data = base64.b64decode(text)\nprint(data)\n' },
      ],
    },
  },
  {
    kind: 'flow',
    id: 'obfuscation.decoded-code',
    owasp: ['AST01'],
    weight: 70,
    from: ['decoded'],
    to: ['code'],
    host: 'none',
    why: 'Encoded text is decoded and run some lines later.',
    fix: FIX,
    examples: {
      match: [
        { file: 'a.py', text: 'import base64\nraw = base64.b64decode(BLOB)\ncode = raw.decode()\nexec(code)\n' },
        { file: 'a.js', text: 'const t = atob(blob);\nconst f = new Function(t);\nf();\n' },
      ],
      pass: [{ file: 'a.js', text: 'const t = atob(blob);\nconsole.log(t);\n' }],
    },
  },
  {
    kind: 'flow',
    id: 'obfuscation.decoded-command',
    owasp: ['AST01'],
    weight: 60,
    from: ['decoded'],
    to: ['process'],
    host: 'none',
    why: 'What is run or called is decoded from text first, so that a reader cannot see it.',
    fix: FIX,
    examples: {
      match: [
        { file: 'a.py', text: 'import os, base64\ncmd = base64.b64decode("Y3VybA==").decode()\nos.system(cmd)\n' },
      ],
      pass: [{ file: 'a.py', text: 'import os\nos.system("make test")\n' }],
    },
  },
  {
    kind: 'pattern',
    id: 'obfuscation.mangled-names',
    owasp: ['AST01'],
    reads: 'code',
    weight: 50,
    words: words('var const function let window return parse* while'),
    pattern: /\b_0x[\da-f]{4,8}\b(?=[^\n]{0,300}\b_0x[\da-f]{4,8}\b[^\n]{0,300}\b_0x[\da-f]{3,8}\b)/g,
    why: 'The names were replaced by an obfuscator, which has no use in a skill that people are to read.',
    fix: FIX,
    examples: {
      match: [
        {
          file: 'a.js',
          text: 'var _0x1a2b=["log"];(function(_0x3c4d,_0x5e6f){return _0x3c4d[_0x5e6f];})(_0x1a2b,0);\n',
        },
      ],
      pass: [{ file: 'a.js', text: 'const flags = 0x1a2b | 0x3c4d; var a = 1;\n' }],
    },
  },
  {
    kind: 'pattern',
    id: 'obfuscation.built-from-numbers',
    owasp: ['AST01'],
    reads: 'code',
    weight: 48,
    words: words('chr fromc* char x printf map join eval exec'),
    pattern:
      /(?:\bchr\(\s*\d{2,3}\s*\)\s*[+.,]\s*){4,}|\bString\.fromCharCode\(\s*(?:(?:0x)?[\da-f]{2,3}\s*,\s*){5,}|(?:\[char\]\s*(?:0x)?[\da-f]{2,3}\s*\+?\s*){4,}|\bmap\(\s*chr\s*,\s*\[\s*(?:\d{2,3}\s*,\s*){5,}|\bchr\(\s*\w+\s*\^\s*\w+\s*\)\s*for\b|(?:\bexec|\beval|\bprintf|\$)\s*\(?\s*["'](?:\\x[\da-f]{2}){6,}|\bcharCodeAt\(\s*\w{0,12}\s*\)\s*\^\s*\w+/gi,
    why: 'Text is put together from numbers, so that neither a search nor a reader finds it.',
    fix: FIX,
    examples: {
      match: [
        { file: 'a.py', text: 'c = chr(99)+chr(117)+chr(114)+chr(108)+chr(32)+chr(104)\n' },
        { file: 'a.js', text: 'const s = String.fromCharCode(99,117,114,108,32,104,116);\n' },
      ],
      pass: [{ file: 'a.py', text: 'letter = chr(65 + index)\n' }],
    },
  },
  {
    kind: 'pattern',
    id: 'obfuscation.indirect-call',
    owasp: ['AST01'],
    reads: 'code',
    weight: 45,
    words: words('getattr __imp* globals vars builtins __bui* const* window globa* global'),
    pattern:
      /\bgetattr\(\s*\w+\s*,\s*["'](?:system|popen|exec|eval|spawn\w*|check_output|Popen)["']\s*\)|\bgetattr\(\s*(?:__import__\([^\n)]{1,60}\)|__builtins__|builtins|os|subprocess)\s*,\s*(?:["'][\w]{1,16}["']\s*\+|["']\w+["']\s*\[::-1\]|["'](?:system|popen|exec|eval)["']|base64|chr\(|""\.join|\w+\[)[^\n]{0,120}|(?:__builtins__|globals\(\)|vars\(\w*\))(?:\.__dict__)?\[\s*["'][^"'\n]{0,20}["']\s*(?:\+|\]\s*\()|\b(?:window|globalThis|global|self|this)\[\s*["'](?:ev|Fun|at|pro)\w{0,6}["']\s*(?:\+\s*["']\w{1,8}["']\s*)?\]\s*[([]|\[\s*["']constructor["']\s*\]\s*\[\s*["']constructor["']\s*\]|\b__import__\(\s*["'](?:os|subprocess|socket|ctypes)["']\s*\)\.\w+\(/g,
    why: 'A dangerous function is called by a name that is hidden from the reader.',
    fix: FIX,
    examples: {
      match: [
        { file: 'a.py', text: 'getattr(__import__("os"), "sys" + "tem")(c)\n' },
        { file: 'a.js', text: 'globalThis["ev" + "al"](code)\n' },
      ],
      pass: [{ file: 'a.py', text: 'value = getattr(config, "name", None)\n' }],
    },
  },
];
