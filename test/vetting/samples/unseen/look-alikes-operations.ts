import type { Sample } from '../sample.ts';

/** Harmless skills that install, deploy, schedule and clean up. */
export const operations: readonly Sample[] = [
  {
    name: 'deploy-ssh',
    description: "Deploys the app to the team's own server.",
    files: {
      'scripts/deploy.sh': `#!/usr/bin/env bash
set -euo pipefail
HOST="\${DEPLOY_HOST:?set DEPLOY_HOST}"
npm ci && npm run build
rsync -az --delete dist/ "deploy@$HOST:/srv/app/"
ssh -i ~/.ssh/id_ed25519 "deploy@$HOST" 'sudo systemctl restart app && systemctl status app --no-pager'
`,
    },
  },
  {
    name: 'backup-s3',
    description: "Backs up a folder to the user's own S3 bucket.",
    files: {
      'scripts/backup.py': `import os
import sys
import tarfile
from datetime import date
import boto3

BUCKET = os.environ["BACKUP_BUCKET"]


def main(folder):
    name = f"/tmp/backup-{date.today()}.tar.gz"
    with tarfile.open(name, "w:gz") as tar:
        tar.add(folder)
    boto3.client("s3").upload_file(name, BUCKET, os.path.basename(name))
    os.remove(name)


main(sys.argv[1])
`,
    },
  },
  {
    name: 'cron-own',
    description: 'Installs a nightly job that rotates logs.',
    files: {
      'scripts/install-cron.sh': `#!/bin/sh
set -e
job="15 2 * * * $HOME/bin/rotate-logs.sh >> $HOME/logs/rotate.log 2>&1"
(crontab -l 2>/dev/null | grep -v rotate-logs.sh; echo "$job") | crontab -
echo "installed: $job"
`,
    },
  },
  {
    name: 'install-uv',
    description: 'Runs Python scripts with uv.',
    body: `## Setup

If \`uv\` is missing: \`curl -LsSf https://astral.sh/uv/install.sh | sh\`. On Windows: \`powershell -c "irm https://astral.sh/uv/install.ps1 | iex"\`.`,
  },
  {
    name: 'install-rustup-bun-nvm',
    description: 'Sets up a development machine.',
    body: `\`\`\`bash
curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh
curl -fsSL https://bun.sh/install | bash
curl -o- https://raw.githubusercontent.com/nvm-sh/nvm/v0.40.1/install.sh | bash
/bin/bash -c "$(curl -fsSL https://raw.githubusercontent.com/Homebrew/install/HEAD/install.sh)"
\`\`\``,
  },
  {
    name: 'docker-compose',
    description: 'Runs Postgres in Docker for tests.',
    files: {
      'docker-compose.yml': `services:
  db:
    image: postgres:16
    environment:
      POSTGRES_PASSWORD: \${POSTGRES_PASSWORD:-dev}
    ports: ["5432:5432"]
    volumes: ["db:/var/lib/postgresql/data"]
volumes: { db: {} }
`,
      'scripts/reset.sh': `#!/bin/sh
docker compose down -v
docker compose up -d
until docker compose exec db pg_isready; do sleep 1; done
`,
    },
  },
  {
    name: 'npm-postinstall',
    description: 'A template for TypeScript packages.',
    files: {
      'package.json': `{
  "name": "template",
  "scripts": { "build": "tsc -p .", "postinstall": "npm run build && node scripts/patch-types.js", "test": "vitest" },
  "devDependencies": { "typescript": "^5.6.0", "vitest": "^2.0.0" }
}
`,
      'scripts/patch-types.js': `const fs = require('node:fs');
const file = 'dist/index.d.ts';
if (fs.existsSync(file)) fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(/\\bany\\b/g, 'unknown'));
`,
    },
  },
  {
    name: 'systemd-unit',
    description: "Runs the user's own web app as a service.",
    body: `Create \`/etc/systemd/system/myapp.service\`, then \`sudo systemctl daemon-reload && sudo systemctl enable --now myapp\`.

\`\`\`ini
[Service]
ExecStart=/usr/bin/node /srv/myapp/server.js
Restart=always
User=myapp
\`\`\``,
  },
  {
    name: 'shell-alias',
    description: 'Adds handy git aliases to the shell.',
    files: {
      'scripts/aliases.sh': `#!/bin/sh
rc="$HOME/.zshrc"
grep -q '# git aliases' "$rc" || cat >> "$rc" <<'RC'
# git aliases
alias gs='git status -sb'
alias gl='git log --oneline --graph'
RC
`,
    },
  },
  {
    name: 'git-hook-lint',
    description: 'Installs a pre-commit hook that runs the linter.',
    files: {
      'scripts/hook.sh': `#!/bin/sh
cat > .git/hooks/pre-commit <<'HOOK'
#!/bin/sh
npx eslint --max-warnings 0 $(git diff --cached --name-only --diff-filter=ACM -- '*.ts')
HOOK
chmod +x .git/hooks/pre-commit
`,
    },
  },
  {
    name: 'clean-node-modules',
    description: 'Frees disk space in projects.',
    files: {
      'scripts/clean.sh': `#!/bin/bash
find . -name node_modules -type d -prune -print -exec rm -rf '{}' +
rm -rf "$HOME/.cache/pip" ~/.npm/_cacache
docker system prune -f
`,
    },
  },
  {
    name: 'db-migrate',
    description: 'Runs migrations with a backup first.',
    files: {
      'scripts/migrate.sh': `#!/bin/bash
set -euo pipefail
source .env
pg_dump "$DATABASE_URL" | gzip > "backup-$(date +%F).sql.gz"
psql "$DATABASE_URL" -f migrations/latest.sql
`,
    },
  },
  {
    name: 'ffmpeg-download',
    description: 'Installs ffmpeg from its official builds.',
    files: {
      'scripts/get.sh': `#!/bin/sh
set -e
curl -L https://github.com/BtbN/FFmpeg-Builds/releases/download/latest/ffmpeg-master-latest-linux64-gpl.tar.xz -o /tmp/ffmpeg.tar.xz
echo "$(curl -sL https://github.com/BtbN/FFmpeg-Builds/releases/download/latest/checksums.sha256 | grep linux64-gpl.tar.xz | cut -d' ' -f1)  /tmp/ffmpeg.tar.xz" | sha256sum -c -
tar xf /tmp/ffmpeg.tar.xz -C "$HOME/.local" --strip-components=1
`,
    },
  },
  {
    name: 'self-update',
    description: 'Updates the command that this skill wraps.',
    body: `Check once a week whether a newer version of \`gh\` is there: \`gh --version\`, then \`brew upgrade gh\` or \`winget upgrade GitHub.cli\`. Ask the user first.`,
  },
  {
    name: 'ben2-ssh-manager',
    description: 'Manages SSH keys for several servers.',
    files: {
      'scripts/keys.sh': `#!/bin/bash
ssh-keygen -t ed25519 -f ~/.ssh/id_work -N "" -C "$USER@work"
ssh-copy-id -i ~/.ssh/id_work.pub "$1"
cat >> ~/.ssh/config <<C
Host work
  HostName $1
  IdentityFile ~/.ssh/id_work
C
`,
    },
  },
  {
    name: 'ben2-terraform',
    description: 'Plans infrastructure changes.',
    files: {
      'scripts/plan.sh': `#!/bin/sh
set -e
export AWS_PROFILE="\${1:-dev}"
test -f ~/.aws/credentials || { echo "run aws configure first"; exit 1; }
terraform init -input=false
terraform plan -out plan.bin
`,
    },
  },
  {
    name: 'ben2-prisma',
    description: 'Explains migrations.',
    body: `Run \`npx prisma migrate dev\`. The connection string is in \`.env\`; do not commit that file. If the database has drifted, ask before \`npx prisma migrate reset\`, which deletes all data.`,
  },
  {
    name: 'ben2-nightly',
    description: "Installs a systemd timer for the user's backup.",
    body: `Write \`~/.config/systemd/user/backup.timer\` and \`backup.service\`, show both to the user, then run \`systemctl --user enable --now backup.timer\`. It calls \`restic backup ~/Documents\` to the repository that the user has configured.`,
  },
  {
    name: 'ben3-obsidian',
    description: 'Syncs notes with git.',
    files: {
      'scripts/sync.sh': `#!/bin/sh
cd "$HOME/Documents/notes" || exit 1
git add -A
git commit -qm "notes $(date +%F)" || true
git pull --rebase -q && git push -q
`,
    },
  },
  {
    name: 'ben3-release-bin',
    description: "Installs the vendor's command line.",
    body: `Download the binary from https://github.com/junegunn/fzf/releases, unpack it into \`~/.local/bin\` and run \`fzf --version\`.`,
  },
];
