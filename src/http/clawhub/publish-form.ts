import type { Deps } from '../../core/deps.ts';
import { Problem } from '../../core/problem.ts';
import type { BundleFile } from '../../format/bundle.ts';
import type { Limits } from '../../format/limits.ts';
import { parseForm } from '../kit/form.ts';
import { readBody } from '../kit/read-body.ts';

/** Room for one file's part headers. */
const PART_OVERHEAD = 1024;
/** Room for the payload. */
const PAYLOAD_BYTES = 64 * 1024;

export interface PublishForm {
  /** JSON. */
  payload: string;
  files: BundleFile[];
}

/**
 * The form that older clients publish with: a field `payload`, and a field `files` for each file, whose file name is
 * its path.
 *
 * @throws Problem `payload_too_large`, `request_timeout`, `invalid_body`
 */
export async function readPublishForm(
  deps: Pick<Deps, 'startTimer'>,
  request: Request,
  limits: Limits,
): Promise<PublishForm> {
  const type = request.headers.get('content-type') ?? '';
  const body = await readBody(deps, request, limits.maxUnpackedBytes + limits.maxFiles * PART_OVERHEAD + PAYLOAD_BYTES);
  const form = await parseForm(body, type, 'Send it as multipart/form-data with its boundary.');
  const payload = form.get('payload');
  if (typeof payload !== 'string') throw unusable("The form has no text field 'payload'.");
  const parts = form.getAll('files').map((part) => {
    if (typeof part === 'string') throw unusable("A field 'files' of the form has no file name.");
    return part;
  });
  if (parts.length === 0) throw unusable("The form has no field 'files'.");
  const files = await Promise.all(
    parts.map(async (part) => ({
      path: part.name,
      bytes: new Uint8Array(await part.arrayBuffer()),
      executable: false,
    })),
  );
  return { payload, files };
}

function unusable(message: string): Problem {
  return new Problem('invalid_body', message, {
    fix: "Send one field 'payload' with JSON, and one field 'files' for each file with its path as the file name.",
  });
}
