import { Problem } from '../../core/problem.ts';

/**
 * The fields of a multipart form.
 *
 * @param type the request's Content-Type, which names the boundary
 * @param fix what to send instead
 * @throws Problem `invalid_body`
 */
export async function parseForm(body: Uint8Array, type: string, fix: string): Promise<FormData> {
  try {
    return await new Response(body, { headers: { 'content-type': type } }).formData();
  } catch (cause) {
    throw new Problem('invalid_body', 'The multipart form could not be read.', { fix }, { cause });
  }
}
