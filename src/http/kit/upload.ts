import { Problem } from '../../core/problem.ts';
import { concatBytes } from '../../format/concat-bytes.ts';
import { checkContentDigest } from './content-digest.ts';

/**
 * Reads a body whole, counting as it goes, and stops at the limit whatever Content-Length says.
 *
 * @throws Problem `payload_too_large`
 */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get('content-length') ?? 0);
  if (declared > maxBytes) throw tooLarge(maxBytes);
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return concatBytes(chunks, size);
}

/** Room for the boundaries and part headers around one file. */
const MULTIPART_OVERHEAD = 64 * 1024;

/**
 * The archive in a publish request: the body itself, or the one file of a multipart form.
 *
 * @throws Problem `payload_too_large`, `invalid_body`, `digest_mismatch`
 */
export async function readArchiveUpload(request: Request, maxBytes: number): Promise<Uint8Array> {
  const type = request.headers.get('content-type') ?? '';
  const isForm = type.toLowerCase().startsWith('multipart/form-data');
  const body = await readBody(request, isForm ? maxBytes + MULTIPART_OVERHEAD : maxBytes);
  await checkContentDigest(request.headers.get('content-digest'), body);
  if (!isForm) return requireBytes(body);
  const files = await formFiles(body, type);
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
  return requireBytes(new Uint8Array(await file.arrayBuffer()));
}

async function formFiles(body: Uint8Array, type: string): Promise<File[]> {
  try {
    const form = await new Response(body, { headers: { 'content-type': type } }).formData();
    return [...form.values()].filter((value) => value instanceof File);
  } catch (cause) {
    throw new Problem(
      'invalid_body',
      'The multipart form could not be read.',
      { fix: 'Send one file, e.g. curl -F bundle=@my-skill-1.0.0.skill' },
      { cause },
    );
  }
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
