// Writes the OpenAPI documents of every dialect; a test compares them with what the app says.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { documents } from './documents.ts';

for (const [file, document] of Object.entries(documents())) {
  writeFileSync(join(import.meta.dirname, file), `${JSON.stringify(document, null, 2)}\n`);
}
