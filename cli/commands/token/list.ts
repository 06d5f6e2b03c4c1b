import { Command, Option } from 'clipanion';
import type { KeyBody } from '../../../src/http/v1/schemas.ts';
import { RegistryCommand } from '../../registry-command.ts';
import { table } from '../../terminal.ts';

export class TokenListCommand extends RegistryCommand {
  static override paths = [['token', 'list']];
  static override usage = Command.Usage({
    category: 'Account',
    description: 'List the keys of a namespace, without their secrets.',
    details: `
      Oldest first: id, first characters, label, scopes, last use, end. Keys that expired are listed for thirty days more. Your own key
      needs the scope \`admin\`.

      With \`--json\`: \`registry\` and \`keys\`, each with \`id\`, \`namespace\`, \`label\`, \`scopes\`, \`hint\`, \`created_at\`, \`last_used_at\`,
      \`expires_at\`.
    `,
    examples: [
      ['Of your namespace', '$0 token list'],
      ['Of one that yours made', '$0 token list --namespace acme-labs'],
    ],
  });

  namespace = Option.String('--namespace', { description: 'The namespace; else that of your key.' });

  protected async run(): Promise<number> {
    const { listTokens } = await import('../../account/endpoints.ts');
    const client = await this.clientFor(this.namespace);
    const { keys } = await listTokens(client, this.namespace);
    this.answer({ registry: client.registry, keys });
    const now = this.context.clock.now();
    this.print(table(keys.map((key) => cellsOf(key, now))));
    return 0;
  }
}

function cellsOf({ id, hint, label, scopes, last_used_at, expires_at }: KeyBody, now: number): string[] {
  const used = last_used_at === null ? 'never used' : `used ${last_used_at}`;
  return [id, `${hint}…`, label, scopes.join(','), used, endOf(expires_at, now)];
}

function endOf(at: string | null | undefined, now: number): string {
  if (at === null || at === undefined) return '';
  return Date.parse(at) <= now ? `expired ${at}` : `expires ${at}`;
}
