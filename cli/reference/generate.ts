// Writes docs/cli-reference.md; a test compares it with what the command classes say.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '../program.ts';
import { describeCommands } from './describe.ts';
import { referencePage } from './markdown.ts';

const page = join(import.meta.dirname, '../../docs/cli-reference.md');
writeFileSync(page, referencePage(describeCommands(COMMANDS)));
