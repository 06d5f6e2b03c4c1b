import { Command, Option } from 'clipanion';
import { offlineError } from '../cache/offline.ts';
import type { Client } from '../client.ts';
import { CodedError, usageError } from '../failure.ts';
import { Prompt } from '../prompt.ts';
import { RegistryCommand } from '../registry-command.ts';

interface Login {
  token: string;
  namespace: string | null;
  created: boolean;
}

const MAX_TOKEN_LENGTH = 4096;
const CODE_TRIES = 3;

export class LoginCommand extends RegistryCommand {
  static override paths = [['login']];
  static override usage = Command.Usage({
    category: 'Account',
    description: 'Get a key for a namespace and keep it.',
    details: `
      A free namespace becomes yours at once; where a key of another one is stored, you are asked before, or say --create. For one that you own already, a code is mailed to its address. With --device
      you do either in a browser, on this machine or another one, and this command waits for it.
      The key is kept in \`~/.skills/config.json\`, for you alone.
    `,
    examples: [
      ['Claim a namespace, or log in to it', '$0 login acme --email me@example.com'],
      ['Use the code from the mail', '$0 login acme --otp 123456'],
      ['Log in by browser, also from a machine without one', '$0 login --device'],
      ['Keep a key that comes on stdin', '$0 login --token -'],
    ],
  });

  namespace = Option.String({ required: false, name: 'namespace' });
  email = Option.String('--email', { description: 'The e-mail address of the namespace.' });
  token = Option.String('--token', {
    description: 'Keep this key, after checking it; `-` reads it from stdin, or asks for it on a terminal.',
  });
  otp = Option.String('--otp', { description: 'The code from the mail.' });
  create = Option.Boolean('--create', false, {
    description: 'Create the namespace if there is none, also in the place of a stored key.',
  });
  device = Option.Boolean('--device', false, { description: 'Log in by browser.' });

  protected async run(): Promise<number> {
    this.#requireOneWay();
    const { registryForLogin } = await import('../registries.ts');
    const registry = await registryForLogin(this.context, this.namespace, this.registry);
    if (this.isOffline) throw offlineError(registry);
    const { isConfidential } = await import('../registry.ts');
    if (!isConfidential(registry)) this.note(`warning: ${registry} is plain HTTP; others on the way can read the key.`);
    const login = await this.#login(registry);
    if (login === undefined) return 2;
    const { stored, madeDefault } = await this.#keep(registry, login);
    this.answer({
      registry,
      namespace: login.namespace,
      created: login.created,
      stored,
      default_registry: madeDefault,
    });
    const how = login.created ? 'Created the namespace' : 'Logged in as';
    this.print(`${how} ${login.namespace ?? 'operator'} on ${registry}; the key is in ${stored}.`);
    if (madeDefault) this.print(`${registry} is now the registry that commands use.`);
    if (this.context.env.SKILLS_TOKEN) this.note('note: SKILLS_TOKEN is set, and goes before the stored key.');
    return 0;
  }

  #requireOneWay(): void {
    const given = Object.entries({ '--email': this.email, '--token': this.token, '--otp': this.otp });
    const [other] = given.find(([, value]) => value !== undefined) ?? [];
    if (!this.device || other === undefined) return;
    throw usageError(`--device and ${other} are two ways to log in.`, 'Choose one of them.');
  }

  #login(registry: string): Promise<Login | undefined> {
    if (this.device) return this.#byDevice(registry);
    return this.token === undefined ? this.#byMail(registry) : this.#byToken(registry, this.token);
  }

  async #byDevice(registry: string): Promise<Login> {
    const { loginByDevice } = await import('../account/device-login.ts');
    this.endOnInterrupt(() => 'Interrupted; no key was fetched.');
    const client = await this.#clientWith(registry, undefined);
    const login = await loginByDevice(client, this.context.clock, (page, code, minutes) => {
      this.note(
        `Open ${page}\nand approve the login there if it shows the code ${code}. Waiting for up to ${minutes} minutes.`,
      );
    });
    if (this.namespace !== undefined && this.namespace !== login.namespace) {
      this.note(`note: the login was approved for ${login.namespace}, not for ${this.namespace}.`);
    }
    return { ...login, created: false };
  }

  /** @returns nothing when a code was mailed and there is nobody to ask for it */
  async #byMail(registry: string): Promise<Login | undefined> {
    const client = await this.#clientWith(registry, undefined);
    const prompt = new Prompt(this.context);
    try {
      const namespace =
        this.namespace ?? (await prompt.ask('Namespace', 'the namespace as an argument: skills login <namespace>'));
      const { checkNamespace } = await import('../../src/format/names.ts');
      const problem = checkNamespace(namespace);
      if (problem !== undefined) throw usageError(`${problem}.`, 'Choose 3 to 32 of a-z, 0-9 and "-".');
      if (this.otp !== undefined) return await redeem(client, namespace, this.otp);
      const email = this.email ?? (await prompt.ask('E-mail', '--email'));
      await requireEmail(email);
      const created = await this.#begin(client, { namespace, email }, prompt);
      if (created !== undefined) return created;
      this.note(`A six-digit code was mailed to ${email}.`);
      if (!this.context.terminal.stdin) {
        this.answer({ code_sent: true, namespace });
        this.note(`Go on with: skills login ${namespace} --email ${email} --otp <code>`);
        return undefined;
      }
      return await this.#askCode(client, namespace, prompt);
    } finally {
      prompt.close();
    }
  }

  /** A slip of the finger is no reason to begin again; the registry takes five wrong codes. */
  async #askCode(client: Client, namespace: string, prompt: Prompt): Promise<Login> {
    for (let left = CODE_TRIES - 1; ; left--) {
      const code = await prompt.ask('Code', '--otp');
      try {
        return await redeem(client, namespace, code);
      } catch (error) {
        if (left === 0 || !(error instanceof CodedError && error.code === 'unauthorized')) throw error;
        this.note(`That is not the code, or it has expired. Try again, or end with Ctrl-C.`);
      }
    }
  }

  /** Creates the namespace, or has a code mailed: then the answer is undefined. */
  async #begin(client: Client, claimed: Claimed, prompt: Prompt): Promise<Login | undefined> {
    const { readRegistry } = await import('../home.ts');
    const kept = await readRegistry(this.context, client.registry);
    const isOther = kept.token !== undefined && (kept.namespace ?? null) !== claimed.namespace;
    if (isOther && !this.create) {
      if (await mailCode(client, claimed)) return undefined;
      await this.#confirmNew(claimed.namespace, `the stored key of ${kept.namespace ?? 'the operator'}`, prompt);
    }
    const created = await claim(client, claimed);
    if (created === undefined) await client.sendCode(claimed.namespace, claimed.email);
    return created;
  }

  /** In the place of another namespace's key none is created by a slip of the keyboard. */
  async #confirmNew(namespace: string, replaced: string, prompt: Prompt): Promise<void> {
    const missing = `There is no namespace '${namespace}'.`;
    const fix = `Check the spelling; to create it, and replace ${replaced}, add --create.`;
    if (!this.context.terminal.stdin) throw usageError(missing, fix);
    const answer = await prompt.askOptional(`${missing} Create it, and replace ${replaced}? [y/N]`, '--create');
    if (!/^y(es)?$/i.test(answer ?? '')) throw usageError('Nothing was created.', fix);
  }

  async #byToken(registry: string, flag: string): Promise<Login> {
    const token = flag === '-' ? await this.#readToken() : flag;
    if (!/^[\x21-\x7e]+$/.test(token))
      throw usageError('--token is empty or holds characters that no key has.', 'Copy the key again.');
    const { namespace, expires_at } = await (await this.#clientWith(registry, token)).whoami();
    if (this.namespace !== undefined && this.namespace !== namespace) {
      throw usageError(
        `This key belongs to ${namespace ?? 'the operator'}, not to ${this.namespace}.`,
        'Leave the namespace out, or give another key.',
      );
    }
    if (expires_at !== undefined) this.note(`note: this key expires ${expires_at}.`);
    return { token, namespace, created: false };
  }

  async #clientWith(registry: string, token: string | undefined): Promise<Client> {
    const { Client } = await import('../client.ts');
    return new Client({ registry, token, fetch: this.context.fetch });
  }

  async #readToken(): Promise<string> {
    if (this.context.terminal.stdin) {
      const prompt = new Prompt(this.context);
      try {
        return await prompt.askSecret('Key', 'it on stdin');
      } finally {
        prompt.close();
      }
    }
    let text = '';
    for await (const chunk of this.context.stdin) {
      text += String(chunk);
      if (text.length > MAX_TOKEN_LENGTH)
        throw usageError('What comes on stdin is too long for a key.', 'Send the key and nothing else.');
    }
    return text.trim();
  }

  async #keep(registry: string, { token, namespace }: Login): Promise<{ stored: string; madeDefault: boolean }> {
    const { configPath, readConfig, readRegistry, updateConfig, updateRegistry } = await import('../home.ts');
    const { DEFAULT_REGISTRY } = await import('../registry.ts');
    const before = await readRegistry(this.context, registry);
    if (before.token !== undefined && (before.namespace ?? null) !== namespace)
      this.note(`note: this replaces the key of ${before.namespace ?? 'the operator'} on ${registry}`);
    await updateRegistry(this.context, registry, { token, namespace });
    // A registry that was chosen for its namespace alone is not asked for others.
    const isChosen = registry === (await this.chosenRegistry()) && registry !== DEFAULT_REGISTRY;
    const madeDefault = isChosen && (await readConfig(this.context)).registry === undefined;
    if (madeDefault) await updateConfig(this.context, (config) => ({ ...config, registry }));
    return { stored: configPath(this.context), madeDefault };
  }
}

/** Whose namespace it is, or shall be. */
interface Claimed {
  namespace: string;
  email: string;
}

/** @returns false when there is no such namespace */
async function mailCode(client: Client, { namespace, email }: Claimed): Promise<boolean> {
  try {
    await client.sendCode(namespace, email);
    return true;
  } catch (error) {
    if (error instanceof CodedError && error.code === 'not_found') return false;
    throw error;
  }
}

/** The first key of a new namespace, or nothing when the namespace exists. */
async function claim(client: Client, { namespace, email }: Claimed): Promise<Login | undefined> {
  try {
    const issued = await client.createNamespace(namespace, email);
    return { token: issued.api_key, namespace: issued.namespace, created: true };
  } catch (error) {
    if (error instanceof CodedError && error.code === 'namespace_taken') return undefined;
    throw error;
  }
}

async function redeem(client: Client, namespace: string, otp: string): Promise<Login> {
  try {
    const issued = await client.redeemCode(namespace, otp);
    return { token: issued.api_key, namespace: issued.namespace, created: false };
  } catch (error) {
    if (!(error instanceof CodedError && error.code === 'unauthorized')) throw error;
    const fix = `Check it, or ask for a new one: skills login ${namespace} --email <address>`;
    throw new CodedError(error.code, error.message, fix, error.exitCode, { cause: error });
  }
}

/** By the rule that the registry applies. */
async function requireEmail(email: string): Promise<void> {
  const { loginSchema } = await import('../../src/http/v1/schemas.ts');
  if (loginSchema.shape.email.safeParse(email).success) return;
  throw usageError(`'${email}' is not an e-mail address.`, 'Write it like me@example.com.');
}
