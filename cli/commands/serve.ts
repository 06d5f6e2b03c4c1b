import { join, resolve } from 'node:path';
import { Command, Option } from 'clipanion';
import { BaseCommand } from '../base-command.ts';
import { usageError } from '../failure.ts';
import type { RunningHub } from '../serve/hub.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/;

export class ServeCommand extends BaseCommand {
  static override paths = [['serve']];
  static override usage = Command.Usage({
    category: 'Running a hub',
    description: 'Run a hub on this machine.',
    details:
      'Keeps everything in one folder, and makes keys and database at the first start. Ctrl-C stops it; a second one ends it at once.',
    examples: [
      ['On http://127.0.0.1:8787, in ./.hub', '$0 serve'],
      ['Elsewhere, without the example skills', '$0 serve --port 9000 --data /var/lib/hub --no-examples'],
      ['A new key to sign with, while the hub is stopped', '$0 serve --rotate-key'],
    ],
  });

  port = Option.String('--port', { description: 'The port (PORT); else 8787.' });
  host = Option.String('--host', { description: 'The address to listen on (HOST); else 127.0.0.1.' });
  data = Option.String('--data', { description: 'The folder that holds the data (HUB_DATA); else ./.hub.' });
  noExamples = Option.Boolean('--no-examples', false, { description: 'Publish no example skills at the first start.' });

  rotateKey = Option.Boolean('--rotate-key', false, {
    description: 'Make a new key that versions are signed with, keep the one before as its voucher, and end.',
  });

  protected async run(): Promise<number> {
    const { env, cwd, packagePath } = this.context;
    const host = this.host ?? (env.HOST || '127.0.0.1');
    const port = parsePort(this.port ?? (env.PORT || '8787'));
    const dataPath = resolve(cwd, this.data ?? (env.HUB_DATA || '.hub'));
    if (this.rotateKey) return this.#rotateKey(dataPath);
    if (!LOOPBACK.test(host)) this.note(`warning: traffic to ${host} is plain HTTP; put a proxy with TLS in front.`);
    const interrupted = this.#interrupted();
    const log = (line: string) => this.note(line);
    const hub = await this.context.startHub({
      host,
      port,
      dataPath,
      packagePath,
      env,
      log,
      examples: !this.noExamples,
    });
    this.#announce(hub, join(dataPath, 'keys/operator.key'));
    await interrupted;
    await hub.close();
    return 0;
  }

  async #rotateKey(dataPath: string): Promise<number> {
    const [{ openDataDirectory }, { rotateRegistryKey }] = await Promise.all([
      import('../serve/data-directory.ts'),
      import('../serve/keys.ts'),
    ]);
    const directory = await openDataDirectory(dataPath);
    try {
      await rotateRegistryKey(dataPath);
    } finally {
      directory.release();
    }
    this.answer({ rotated: true, data: dataPath });
    this.print('The hub signs with a new key from its next start; clients that know the old one follow by themselves.');
    return 0;
  }

  #interrupted(): Promise<void> {
    const { promise, resolve: stop } = Promise.withResolvers<void>();
    let before = false;
    this.context.onInterrupt(() => {
      if (before) this.context.exit(130);
      before = true;
      stop();
    });
    return promise;
  }

  #announce({ url, keys, publishedExamples }: RunningHub, keyFile: string): void {
    const operatorKey = keys.operatorKeyIsNew ? { operator_key: keys.operatorKey } : {};
    this.answer({ url, ...operatorKey, operator_key_file: keyFile, published_examples: publishedExamples });
    if (keys.operatorKeyIsNew)
      this.print(`operator key: ${keys.operatorKey}\n  shown this once; it is kept in ${keyFile}`);
    if (publishedExamples.length > 0) this.print(`published examples: ${publishedExamples.join(', ')}`);
    this.print(`ready on ${url}`);
  }
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw usageError(
    `'${text}' is not a port.`,
    'Give a number from 0 to 65535 with --port or PORT; 0 takes any free one.',
  );
}
