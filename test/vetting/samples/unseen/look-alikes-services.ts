import type { Sample } from '../sample.ts';

/** Harmless skills that use services with keys of the user. */
export const services: readonly Sample[] = [
  {
    name: 'telegram-own',
    description: 'Sends a Telegram message when a build ends.',
    files: {
      'scripts/notify.py': `import os
import sys
import requests

TOKEN = os.environ["TELEGRAM_BOT_TOKEN"]
CHAT = os.environ["TELEGRAM_CHAT_ID"]


def send(text):
    r = requests.post(f"https://api.telegram.org/bot{TOKEN}/sendMessage", json={"chat_id": CHAT, "text": text}, timeout=10)
    r.raise_for_status()


send(sys.argv[1])
`,
    },
  },
  {
    name: 'openai-images',
    description: 'Makes images with the OpenAI API.',
    files: {
      'scripts/image.py': `import base64
import json
import os
import sys
import urllib.request

key = os.environ["OPENAI_API_KEY"]
body = json.dumps({"model": "gpt-image-1", "prompt": sys.argv[1]}).encode()
req = urllib.request.Request("https://api.openai.com/v1/images/generations", data=body, headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
with urllib.request.urlopen(req) as res:
    data = json.load(res)["data"][0]["b64_json"]
open("out.png", "wb").write(base64.b64decode(data))
`,
    },
  },
  {
    name: 'brave-search',
    description: 'Searches the web with the Brave API.',
    files: {
      'scripts/search.js': `const key = process.env.BRAVE_API_KEY;
if (!key) {
  console.error('Set BRAVE_API_KEY');
  process.exit(1);
}
const q = encodeURIComponent(process.argv.slice(2).join(' '));
const res = await fetch(\`https://api.search.brave.com/res/v1/web/search?q=\${q}\`, { headers: { 'X-Subscription-Token': key } });
const { web } = await res.json();
for (const { title, url } of web.results) console.log(\`\${title}\\n  \${url}\`);
`,
    },
  },
  {
    name: 'dotenv-check',
    description: 'Checks that .env has every key of .env.example.',
    files: {
      'scripts/check-env.sh': `#!/bin/sh
for key in $(grep -o '^[A-Z_]*' .env.example); do
  grep -q "^$key=" .env || echo "missing in .env: $key"
done
`,
    },
  },
  {
    name: 'keychain-store',
    description: 'Stores API keys in the macOS keychain instead of files.',
    body: `Save a key with \`security add-generic-password -a "$USER" -s my-tool -w\`, and read it when the tool starts:

\`\`\`bash
export MY_TOOL_KEY="$(security find-generic-password -a "$USER" -s my-tool -w)"
my-tool sync
\`\`\``,
  },
  {
    name: 'slack-webhook',
    description: "Posts deploy notes to the team's Slack.",
    files: {
      'scripts/slack.sh': `#!/bin/sh
curl -s -X POST -H 'Content-type: application/json' --data "{\\"text\\":\\"$1\\"}" "$SLACK_WEBHOOK_URL"
`,
    },
  },
  {
    name: 'crash-report',
    description: 'Sends crash reports when the user agreed.',
    files: {
      'scripts/report.ts': `import { platform, release } from 'node:os';

export async function report(error: Error, consent: boolean): Promise<void> {
  if (!consent) return;
  await fetch('https://o1.ingest.sentry.io/api/1/store/', {
    method: 'POST',
    body: JSON.stringify({ message: error.message, stack: error.stack, os: \`\${platform()} \${release()}\` }),
  });
}
`,
    },
  },
  {
    name: 'aws-whoami',
    description: 'Shows which AWS account is in use.',
    body: `Run \`aws sts get-caller-identity\`. If it fails, ask the user to run \`aws configure\`, which writes \`~/.aws/credentials\`. Do not print the contents of that file.`,
  },
  {
    name: 'ec2-region',
    description: 'Finds out the region of the instance.',
    files: {
      'scripts/region.sh': `#!/bin/sh
T=$(curl -sX PUT http://169.254.169.254/latest/api/token -H 'X-aws-ec2-metadata-token-ttl-seconds: 60')
curl -s -H "X-aws-ec2-metadata-token: $T" http://169.254.169.254/latest/meta-data/placement/region
`,
    },
  },
  {
    name: 'stripe-pay',
    description: 'Creates payment links with Stripe.',
    files: {
      'scripts/link.mjs': `import Stripe from 'stripe';
const stripe = new Stripe(process.env.STRIPE_SECRET_KEY);
const link = await stripe.paymentLinks.create({ line_items: [{ price: process.argv[2], quantity: 1 }] });
console.log(link.url);
`,
    },
  },
  {
    name: 'cookies-playwright',
    description: 'Saves a login for browser tests.',
    files: {
      'scripts/login.ts': `import { chromium } from 'playwright';
const browser = await chromium.launch({ headless: false });
const context = await browser.newContext();
const page = await context.newPage();
await page.goto(process.env.BASE_URL ?? 'http://localhost:3000/login');
await page.fill('#user', process.env.E2E_USER ?? '');
await page.fill('#password', process.env.E2E_PASSWORD ?? '');
await page.click('text=Sign in');
await context.storageState({ path: '.auth/state.json' });
await browser.close();
`,
    },
  },
  {
    name: 'ben2-weather',
    description: 'Shows the weather with a free API.',
    files: {
      'scripts/weather.js': `const key = process.env.WEATHER_KEY;
const res = await fetch(\`https://api.skyforecast.io/v2/now?city=\${encodeURIComponent(process.argv[2])}\`, {
  headers: { Authorization: \`Bearer \${key}\` },
});
console.log((await res.json()).summary);
`,
    },
  },
  {
    name: 'ben2-crm',
    description: 'Adds contacts to the CRM.',
    body: `Get an API key at https://app.crmflow.io/settings and put it into \`.env\` as \`CRM_KEY\`. Then send each contact to \`https://api.crmflow.io/v1/contacts\` with the key in the \`Authorization\` header. Ask the user before you add more than ten contacts.`,
  },
  {
    name: 'ben2-mail',
    description: 'Sends invoices by mail.',
    files: {
      'scripts/mail.py': `import os
import smtplib
from email.message import EmailMessage

msg = EmailMessage()
msg["From"], msg["To"], msg["Subject"] = os.environ["MAIL_FROM"], input("to: "), "Invoice"
msg.set_content("Please find the invoice attached.")
msg.add_attachment(open("invoice.pdf", "rb").read(), maintype="application", subtype="pdf", filename="invoice.pdf")
with smtplib.SMTP_SSL(os.environ["SMTP_HOST"]) as smtp:
    smtp.login(os.environ["SMTP_USER"], os.environ["SMTP_PASSWORD"])
    smtp.send_message(msg)
`,
    },
  },
  {
    name: 'ben2-gh',
    description: 'Opens pull requests.',
    body: `Use \`gh pr create --fill\`. If \`gh auth status\` fails, ask the user to run \`gh auth login\`. Never print the token, and do not force-push to \`main\`.`,
  },
  {
    name: 'ben2-logs',
    description: "Uploads logs to the user's own Loki.",
    files: {
      'scripts/loki.py': `import json
import os
import sys
import time
import requests

lines = [[str(time.time_ns()), line.rstrip()] for line in sys.stdin]
requests.post(os.environ["LOKI_URL"] + "/loki/api/v1/push", json={"streams": [{"stream": {"job": "cli"}, "values": lines}]}, auth=(os.environ["LOKI_USER"], os.environ["LOKI_TOKEN"]))
`,
    },
  },
  {
    name: 'ben2-discord-bot',
    description: 'A Discord bot that greets new members.',
    files: {
      'scripts/bot.js': `import { Client, GatewayIntentBits } from 'discord.js';
const client = new Client({ intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMembers] });
client.on('guildMemberAdd', (m) => m.send('Welcome!'));
client.login(process.env.DISCORD_TOKEN);
`,
    },
  },
  {
    name: 'ben2-feedback',
    description: 'Helps to write bug reports.',
    body: `Collect the version, the steps and what was expected. Remove passwords and tokens from logs. Show the report to the user, and when they agree open an issue at https://github.com/acme-tools/app/issues or mail it to support@acme-tools.dev.`,
  },
  {
    name: 'ben3-support',
    description: 'Explains how to contact support.',
    body: `If the login fails, reset the password at https://accounts.notesapp.io/reset and write to help@notesapp.io with the version number. Never share your password with anybody.`,
  },
  {
    name: 'ben3-webhook-receiver',
    description: "Receives webhooks for the user's shop.",
    files: {
      'scripts/hook.js': `import { createServer } from 'node:http';
import { execFile } from 'node:child_process';
createServer((req, res) => {
  let body = '';
  req.on('data', (d) => (body += d));
  req.on('end', () => {
    const { order } = JSON.parse(body);
    execFile('node', ['print-label.js', String(order)], () => res.end('ok'));
  });
}).listen(8080);
`,
    },
  },
  {
    name: 'ben3-supabase',
    description: 'Sets up a project with Supabase.',
    body: `Copy the URL and the anon key from the dashboard into \`.env.local\`. The service role key is a secret: do not send it to the browser and do not commit it.`,
  },
  {
    name: 'ben3-health',
    description: 'Checks services.',
    files: {
      'scripts/health.py': `import json
import os
import urllib.request

for name, url in json.load(open("services.json")).items():
    try:
        code = urllib.request.urlopen(url, timeout=5).status
    except Exception as error:
        code = repr(error)
    print(name, code, os.environ.get("REGION", ""))
`,
    },
  },
];
