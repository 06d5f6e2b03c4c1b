import type { BundleFile } from '../../../format/bundle.ts';
import type { Document } from '../document.ts';
import type { CheckRule, Place } from '../rule.ts';

const MAGIC: [string, number[]][] = [
  ['ELF program', [0x7f, 0x45, 0x4c, 0x46]],
  ['Mach-O program', [0xcf, 0xfa, 0xed, 0xfe]],
  ['Mach-O program', [0xce, 0xfa, 0xed, 0xfe]],
  ['Mach-O program', [0xfe, 0xed, 0xfa, 0xcf]],
  ['Java class or universal Mach-O program', [0xca, 0xfe, 0xba, 0xbe]],
  ['Windows program', [0x4d, 0x5a]],
  ['Android bytecode', [0x64, 0x65, 0x78, 0x0a]],
];
const BYTECODE = /\.(?:pyc|pyo|class|jsc|luac|elc)$/i;
const PROGRAM =
  /\.(?:exe|dll|scr|msi|com|dylib|so|app|pkg|dmg|deb|rpm|apk|jar|appimage|node|pyd|vbe|jse|wsf|hta|lnk|cpl)$/i;
const ARCHIVE: [string, number[]][] = [
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['rar', [0x52, 0x61, 0x72, 0x21]],
  ['7z', [0x37, 0x7a, 0xbc, 0xaf]],
];
/** Formats of documents that are zip archives by nature. */
const ZIPPED_DOCUMENT = /\.(?:docx|xlsx|pptx|dotx|potx|odt|ods|odp|epub|vsix|whl|ipynb|sketch|usdz|kmz|3mf)$/i;
const DOUBLE_EXTENSION =
  /\.(?:pdf|docx?|xlsx?|jpe?g|png|txt|csv|md|gif)\.(?:exe|scr|js|vbs|bat|cmd|ps1|sh|py|hta|lnk|jar|com)$/i;

function startsWith({ bytes }: BundleFile, magic: readonly number[]): boolean {
  return magic.every((byte, at) => bytes[at] === byte);
}

/** In front of a program that has this name Windows finds no other mark than two letters; a text may begin so too. */
function programOf(file: BundleFile): string | undefined {
  const found = MAGIC.find(([, magic]) => startsWith(file, magic))?.[0];
  if (found !== 'Windows program') return found;
  return file.bytes.subarray(0, 256).includes(0) ? found : undefined;
}

function places(document: Document, describe: (file: BundleFile) => string | undefined): Place[] {
  return document.bundle.files.flatMap((file) => {
    const text = describe(file);
    return text === undefined
      ? []
      : [{ file: file.path, line: 1, excerpt: `${file.path.slice(-100)}: ${text}`, factor: 1 }];
  });
}

const binary = (path: string, ...bytes: number[]) => ({ file: path, text: String.fromCharCode(...bytes) });

/** Files that a machine runs and a person cannot read. */
export const executableRules: readonly CheckRule[] = [
  {
    kind: 'check',
    id: 'executable.program',
    owasp: ['AST01', 'AST02'],
    weight: 60,
    check: (document) =>
      places(
        document,
        (file) =>
          programOf(file) ?? (PROGRAM.test(file.path) && file.bytes.includes(0) ? 'compiled program' : undefined),
      ),
    why: 'A compiled program cannot be reviewed, and a skill has no need to carry one.',
    fix: 'Ship the source, or name the package that installs the program.',
    examples: {
      match: [binary('bin/tool', 0x7f, 0x45, 0x4c, 0x46, 1, 0)],
      pass: [
        { file: 'bin/tool', text: '#!/bin/sh\necho hi\n' },
        // Any bytes may be called so.
        binary('assets/logo.bin', 0, 0xff, 1),
        { file: 'a.txt', text: 'MZ is a mark.' },
      ],
    },
  },
  {
    kind: 'check',
    id: 'executable.bytecode',
    owasp: ['AST01', 'AST02'],
    weight: 55,
    check: (document) =>
      places(document, (file) => {
        if (!BYTECODE.test(file.path)) return undefined;
        const name = file.path.replace(/^.*\//, '').replace(/\..*$/, '');
        const hasSource = document.bundle.files.some((other) =>
          new RegExp(`(?:^|/)${escaped(name)}\\.(?:py|java|js|lua|el)$`).test(other.path),
        );
        return hasSource ? undefined : 'bytecode without its source';
      }),
    why: 'Bytecode runs like a script, but nobody can read it, and here its source is missing.',
    fix: 'Ship the source and leave the bytecode out.',
    examples: {
      match: [binary('scripts/core.pyc', 0x55, 0x0d, 0x0d, 0x0a, 0)],
      pass: [{ file: 'scripts/core.py', text: 'print(1)\n' }],
    },
  },
  {
    kind: 'check',
    id: 'executable.nested-archive',
    owasp: ['AST02'],
    weight: 22,
    check: (document) =>
      places(document, (file) => {
        const kind = ARCHIVE.find(([, magic]) => startsWith(file, magic))?.[0];
        if (kind === undefined || ZIPPED_DOCUMENT.test(file.path)) return undefined;
        const locked = kind === 'zip' && ((file.bytes[6] ?? 0) & 1) === 1;
        return locked ? 'archive with a password' : `${kind} archive`;
      }).map((place) => (place.excerpt.endsWith('with a password') ? { ...place, factor: 3 } : place)),
    why: 'What is packed into an archive inside the skill is not vetted.',
    fix: 'Unpack it and ship the files themselves.',
    examples: {
      match: [binary('assets/a.zip', 0x50, 0x4b, 3, 4, 20, 0, 0, 0)],
      pass: [binary('assets/a.docx', 0x50, 0x4b, 3, 4, 20, 0, 0, 0)],
    },
  },
  {
    kind: 'check',
    id: 'executable.disguised',
    owasp: ['AST01', 'AST04'],
    weight: 60,
    check: (document) =>
      places(document, (file) => {
        if (DOUBLE_EXTENSION.test(file.path)) return 'a script that is named like a document';
        const looksHarmless = /\.(?:png|jpe?g|gif|pdf|txt|md|csv|ico|svg|ttf|woff2?|json)$/i.test(file.path);
        return looksHarmless &&
          (programOf(file) !== undefined ||
            (file.bytes[0] === 0x23 && file.bytes[1] === 0x21 && !/\.(?:md|txt)$/i.test(file.path)))
          ? 'a program that is named like a document'
          : undefined;
      }),
    why: 'The name promises a document or picture, and the content is a program.',
    fix: 'Give the file the extension of what it is.',
    examples: {
      match: [
        { file: 'assets/logo.png', text: '#!/bin/sh\necho hi\n' },
        { file: 'invoice.pdf.js', text: 'x\n' },
      ],
      pass: [{ file: 'assets/logo.svg', text: '<svg/>' }],
    },
  },
];

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
