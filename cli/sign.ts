import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { PrivateKey } from 'openpgp';
import { showText } from '../src/format/visible-text.ts';
import { errorCode } from './atomic-file.ts';
import type { CliContext } from './context.ts';
import { CodedError } from './failure.ts';

/** Whose key signs: one that gpg knows (its default key if none is named), or one in a file. */
export type SigningKey = { kind: 'gpg'; id: string | undefined } | { kind: 'file'; path: string };

/**
 * Makes a detached OpenPGP signature over an archive.
 *
 * @returns the signature in binary form
 * @throws CodedError `signing_failed`, or `usage` when a passphrase is needed and there is no terminal to ask on
 */
export async function signArchive(context: CliContext, archive: Uint8Array, key: SigningKey): Promise<Uint8Array> {
  if (key.kind === 'gpg') return signWithGpg(context, archive, key.id);
  const { createMessage, sign } = await import('openpgp');
  const signingKeys = await unlocked(context, await readKeyFile(context, key.path), key.path);
  const date = new Date(context.clock.now());
  const message = await createMessage({ binary: archive });
  return sign({ message, signingKeys, date, detached: true, format: 'binary' }).catch((cause) => {
    throw failed(
      `The key in ${key.path} cannot sign: ${reasonOf(cause)}.`,
      'Give a key that is valid and may sign.',
      cause,
    );
  });
}

/** gpg asks for a passphrase by itself; what it has to say goes to stderr. */
async function signWithGpg(context: CliContext, archive: Uint8Array, id: string | undefined): Promise<Uint8Array> {
  const user = id === undefined ? [] : ['--local-user', id];
  const args = ['--quiet', '--detach-sign', '--digest-algo', 'SHA512', ...user, '--output', '-'];
  const gpg = spawn('gpg', args, { env: context.env, stdio: ['pipe', 'pipe', 'pipe'] });
  gpg.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    // It repeats names that strangers wrote into keys.
    context.stderr.write(
      chunk
        .split(/\r?\n/)
        .map((line) => showText(line))
        .join('\n'),
    );
  });
  const chunks: Buffer[] = [];
  gpg.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A gpg that ends before it has read everything tells why with its exit code.
  gpg.stdin.on('error', () => gpg.stdin.destroy());
  gpg.stdin.end(archive);
  const code = await new Promise<number | null>((done, fail) => {
    gpg.on('error', (cause) => fail(noGpg(cause)));
    gpg.on('close', done);
  });
  const signature = new Uint8Array(Buffer.concat(chunks));
  if (code === 0 && signature.length > 0) return signature;
  throw failed(`gpg could not sign (exit code ${code}).`, 'See what it says above; name another key with --sign-key.');
}

async function readKeyFile(context: CliContext, path: string): Promise<PrivateKey> {
  const { readPrivateKey } = await import('openpgp');
  const text = await readFile(resolve(context.cwd, path), 'utf8').catch((cause) => {
    throw failed(`${path} cannot be read (${errorCode(cause)}).`, 'Check the path after --sign-key-file.', cause);
  });
  return readPrivateKey({ armoredKey: text }).catch((cause) => {
    const fix = 'Export one with `gpg --armor --export-secret-keys <key id>`.';
    throw failed(`${path} holds no OpenPGP private key in ASCII armour.`, fix, cause);
  });
}

async function unlocked(context: CliContext, key: PrivateKey, path: string): Promise<PrivateKey> {
  if (key.isDecrypted()) return key;
  const passphrase = context.env.SKILLS_SIGN_PASSPHRASE || (await askPassphrase(context, path));
  const { decryptKey } = await import('openpgp');
  return decryptKey({ privateKey: key, passphrase }).catch((cause) => {
    throw failed(`The passphrase does not open ${path}.`, 'Try again, or check SKILLS_SIGN_PASSPHRASE.', cause);
  });
}

async function askPassphrase(context: CliContext, path: string): Promise<string> {
  const { Prompt } = await import('./prompt.ts');
  const prompt = new Prompt(context);
  try {
    return await prompt.askSecret(`Passphrase of ${path}`, 'it in SKILLS_SIGN_PASSPHRASE');
  } finally {
    prompt.close();
  }
}

function noGpg(cause: unknown): CodedError {
  const missing = errorCode(cause) === 'ENOENT';
  const message = missing ? 'gpg was not found in PATH.' : `gpg did not start (${errorCode(cause)}).`;
  return failed(message, 'Install GnuPG, or sign with a key in a file: --sign-key-file <file>.', cause);
}

function failed(message: string, fix: string, cause?: unknown): CodedError {
  return new CodedError('signing_failed', message, fix, 1, { cause });
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
