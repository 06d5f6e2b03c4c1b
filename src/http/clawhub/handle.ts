import * as z from 'zod';

/** A namespace as people type it, perhaps with an `@` before it and in capitals. */
export const handleSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(200)
  .transform((handle) => handle.replace(/^@+/, ''))
  .pipe(z.string().min(1));
