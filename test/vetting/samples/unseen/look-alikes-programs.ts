import type { Sample } from '../sample.ts';

/** Harmless programs that encode, load code and start others. */
export const programs: readonly Sample[] = [
  {
    name: 'base64-tool',
    description: 'Encodes and decodes base64.',
    files: {
      'scripts/b64.py': `import base64
import sys

mode, text = sys.argv[1:3]
print(base64.b64encode(text.encode()).decode() if mode == "e" else base64.b64decode(text).decode())
`,
    },
  },
  {
    name: 'jwt-debug',
    description: 'Decodes JSON web tokens for debugging.',
    files: {
      'scripts/jwt.js': `const [head, body] = process.argv[2].split('.').slice(0, 2).map((p) => JSON.parse(Buffer.from(p, 'base64url')));
console.log(JSON.stringify({ head, body }, null, 2));
`,
    },
  },
  {
    name: 'zlib-assets',
    description: 'Packs and unpacks sprite sheets.',
    files: {
      'scripts/pack.py': `import sys
import zlib
from pathlib import Path

src = Path(sys.argv[1])
data = zlib.compress(src.read_bytes(), 9)
src.with_suffix(".z").write_bytes(data)
assert zlib.decompress(data) == src.read_bytes()
print(len(data), "bytes")
`,
    },
  },
  {
    name: 'plugin-loader',
    description: 'Runs user-made plugins from a local folder.',
    files: {
      'scripts/plugins.py': `import importlib.util
import subprocess
import sys
from pathlib import Path


def load(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


for plugin in sorted(Path("plugins").glob("*.py")):
    load(plugin).run(sys.argv[1:])
subprocess.run([sys.executable, "-m", "pytest", "-q"], check=True)
`,
    },
  },
  {
    name: 'clipboard-copy',
    description: 'Copies the result to the clipboard.',
    files: {
      'scripts/copy.py': `import sys
import pyperclip

text = sys.stdin.read().strip()
pyperclip.copy(text)
print(f"{len(text)} characters copied")
`,
    },
  },
  {
    name: 'ben2-web-scraper',
    description: 'Downloads pages and stores them as Markdown.',
    files: {
      'scripts/get.py': `import sys
import requests
from markdownify import markdownify

for url in open(sys.argv[1]):
    res = requests.get(url.strip(), timeout=20, headers={"User-Agent": "notes/1.0"})
    res.raise_for_status()
    with open(url.strip().rsplit("/", 1)[-1] + ".md", "w") as fh:
        fh.write(markdownify(res.text))
`,
    },
  },
  {
    name: 'ben2-electron-updater',
    description: 'Builds an Electron app.',
    files: {
      'scripts/run.js': `const { spawn } = require('node:child_process');
const child = spawn('npx', ['electron', '.'], { detached: true, stdio: 'ignore' });
child.unref();
`,
    },
  },
  {
    name: 'ben2-pty',
    description: 'A terminal recorder.',
    files: {
      'scripts/rec.py': `import os
import pty
import sys

with open(sys.argv[1], "wb") as log:
    def read(fd):
        data = os.read(fd, 1024)
        log.write(data)
        return data
    pty.spawn(os.environ.get("SHELL", "sh"), read)
`,
    },
  },
  {
    name: 'ben2-marshal',
    description: 'Speeds up imports with compiled files.',
    files: {
      'scripts/compile.py': `import compileall
import sys

compileall.compile_dir(sys.argv[1], quiet=1, workers=2)
`,
    },
  },
];
