import { Command, Option } from 'clipanion';
import { usageError } from '../../failure.ts';
import { RegistryCommand } from '../../registry-command.ts';

const SCOPES = ['read', 'publish', 'admin'];
const MAX_LABEL = 64;

export class TokenCreateCommand extends RegistryCommand {
  static override paths = [['token', 'create']];
  static override usage = Command.Usage({
    category: 'Account',
    description: 'Make a further key, for a machine or a person.',
    details: `
      Prints the key alone on stdout: it is shown this once. \`read\` installs private skills, \`publish\` publishes, yanks and tags,
      \`admin\` manages keys and owners as well. Your own key needs the scope \`admin\`. A key that expires makes none that outlives it.

      With \`--json\`: \`registry\`, \`id\`, \`api_key\`, \`namespace\`, \`label\`, \`scopes\`, \`expires_at\` (null for never).
    `,
    examples: [
      ['For a pipeline that publishes, for thirty days', '$0 token create --scope publish --expires 30d --label ci'],
      ['For reading private skills', '$0 token create --scope read --label laptop'],
      ['For a namespace that yours made', '$0 token create --namespace acme-labs --label labs'],
    ],
  });

  scopes = Option.Array('--scope', [], {
    description: 'read, publish or admin; may be repeated. Otherwise read and publish.',
  });
  expires = Option.String('--expires', {
    description: 'How long it lives: 12h, 30d, 8w, 1y. Otherwise until it is revoked.',
  });
  label = Option.String('--label', 'cli', { description: 'What it is for, as `token list` shows it.' });
  namespace = Option.String('--namespace', { description: 'The namespace; else that of your key.' });

  protected async run(): Promise<number> {
    const scopes = this.scopes.flatMap((scope) => scope.split(','));
    const unknown = scopes.find((scope) => !SCOPES.includes(scope));
    if (unknown !== undefined) throw usageError(`There is no scope '${unknown}'.`, `Use ${SCOPES.join(', ')}.`);
    if (this.label === '' || this.label.length > MAX_LABEL) {
      throw usageError(`A label has 1 to ${MAX_LABEL} characters.`, 'Give a short --label, such as ci.');
    }
    const [{ createToken }, { parseDuration }] = await Promise.all([
      import('../../account/endpoints.ts'),
      import('../../account/duration.ts'),
    ]);
    const seconds = this.expires === undefined ? undefined : parseDuration('--expires', this.expires);
    const client = await this.clientFor(this.namespace);
    const { namespace, label } = this;
    const made = await createToken(client, { namespace, label, scopes, seconds });
    this.answer({ registry: client.registry, ...made });
    this.print(made.api_key);
    if (this.json) return 0;
    const until = made.expires_at === null ? 'until it is revoked' : `until ${made.expires_at}`;
    this.note(`note: it is shown this once. It may ${made.scopes.join(', ')} for ${made.namespace} ${until}.`);
    this.note(`note: revoke it with \`skills token revoke ${made.id}\`.`);
    return 0;
  }
}
