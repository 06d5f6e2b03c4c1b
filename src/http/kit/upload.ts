import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import { checkContentDigest } from './content-digest.ts';
import { parseForm } from './form.ts';
import { readBody } from './read-body.ts';

/** Room for the other fields, and for the boundaries and part headers. */
const MULTIPART_OVERHEAD = 256 * 1024;

export interface ArchiveUpload {
  bytes: Uint8Array;
  /** The publisher's signature over it: ASCII armour from a form, bytes from a header. */
  signature: string | Uint8Array | undefined;
  /** From a form: what is new. */
  changelog: string | undefined;
}

/**
 * The archive in a publish request: the body itself, or the one file of a multipart form. A detached signature over it may come in
 * the form's field `signature`, or base64 in the header `X-Publisher-Signature`; a changelog in its field `changelog`.
 *
 * @throws Problem `payload_too_large`, `request_timeout`, `invalid_body`, `digest_mismatch`, `invalid_pgp_signature` for a header that is no base64
 */
export async function readArchiveUpload(
  deps: Pick<Deps, 'startTimer'>,
  request: Request,
  maxBytes: number,
): Promise<ArchiveUpload> {
  const type = request.headers.get('content-type') ?? '';
  const isForm = type.toLowerCase().startsWith('multipart/form-data');
  const body = await readBody(deps, request, isForm ? maxBytes + MULTIPART_OVERHEAD : maxBytes);
  await checkContentDigest(request.headers.get('content-digest'), body);
  const signature = headerSignature(request);
  if (!isForm) return { bytes: requireBytes(body), signature, changelog: undefined };
  const form = await formParts(body, type);
  const { files, changelog } = form;
  const [file] = files;
  if (!file || files.length > 1) {
    throw new Problem(
      'invalid_body',
      `The form holds ${files.length} files; it has to hold exactly one, the .skill archive.`,
      {
        fix: 'Send one file, e.g. curl -F bundle=@my-skill-1.0.0.skill',
      },
    );
  }
  if (file.size > maxBytes) throw tooLarge(maxBytes);
  const bytes = requireBytes(new Uint8Array(await file.arrayBuffer()));
  return { bytes, signature: form.signature ?? signature, changelog };
}

function headerSignature(request: Request): Uint8Array | undefined {
  const header = request.headers.get('x-publisher-signature');
  if (header === null) return undefined;
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(header) && header.length % 4 === 0) {
    return Uint8Array.from(atob(header), (character) => character.charCodeAt(0));
  }
  throw new Problem('invalid_pgp_signature', 'The header X-Publisher-Signature is not base64.', {
    fix: 'Send the binary signature in base64: gpg --detach-sign -o - <file> | base64 -w0.',
  });
}

interface FormParts {
  files: File[];
  signature: string | undefined;
  changelog: string | undefined;
}

async function formParts(body: Uint8Array, type: string): Promise<FormParts> {
  const form = await parseForm(body, type, 'Send one file, e.g. curl -F bundle=@my-skill-1.0.0.skill');
  const [signature, changelog] = [await takeText(form, 'signature'), await takeText(form, 'changelog')];
  return { files: [...form.values()].filter((value) => value instanceof File), signature, changelog };
}

/** A field, whether it came as text or as a file; it is no longer in the form then. */
async function takeText(form: FormData, name: string): Promise<string | undefined> {
  const value = form.get(name);
  form.delete(name);
  return (value instanceof File ? await value.text() : value) ?? undefined;
}

function requireBytes(bytes: Uint8Array): Uint8Array {
  if (bytes.length > 0) return bytes;
  throw new Problem('invalid_body', 'The request has no body.', {
    fix: 'Send the .skill archive as the body, or as the one file of a form.',
  });
}

function tooLarge(maxBytes: number): Problem {
  return new Problem('payload_too_large', `The body is larger than ${maxBytes} bytes.`, {
    fix: 'Leave out what the skill does not need.',
  });
}
