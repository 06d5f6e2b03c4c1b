export type Language = 'shell' | 'python' | 'javascript' | 'powershell' | 'other-code' | 'data' | 'markup' | 'text';

const BY_NAME: readonly (readonly [Language, string])[] = [
  ['shell', 'sh bash zsh ksh fish shell console terminal shellsession command commands'],
  ['python', 'py python python3 pyw ipynb py3'],
  ['javascript', 'js mjs cjs jsx ts mts cts tsx javascript typescript node'],
  ['powershell', 'ps1 psm1 psd1 powershell pwsh ps bat cmd batch vbs vbscript dos'],
  [
    'other-code',
    'rb ruby pl perl php go rs rust java kt lua swift applescript scpt osascript c cpp cs r dockerfile makefile',
  ],
  ['data', 'json jsonc json5 yaml yml toml ini cfg conf env properties xml plist lock service crontab'],
  ['markup', 'md markdown mdx html htm svg'],
];

const LANGUAGES = new Map<string, Language>();
for (const [language, names] of BY_NAME) {
  for (const name of names.split(' ')) LANGUAGES.set(name, language);
}

const INTERPRETERS: [RegExp, Language][] = [
  [/\b(?:ba|z|k|da|fi)?sh\b/, 'shell'],
  [/\bpython[\d.]*\b/, 'python'],
  [/\b(?:node|deno|bun)\b/, 'javascript'],
  [/\bpwsh\b/, 'powershell'],
  [/\b(?:perl|ruby|php|osascript|lua)\b/, 'other-code'],
];

/** The language behind the first word after the fence of a block; undefined when the word is missing or unknown. */
export function languageOfFence(info: string): Language | undefined {
  const word = /^[\s{.]*([\w+#-]+)/.exec(info)?.[1]?.toLowerCase();
  return word === undefined ? undefined : LANGUAGES.get(word);
}

/** The language of a file by its `#!` line, else by its extension or bare name; `text` for anything else. */
export function languageOfFile(path: string, text: string): Language {
  if (text.startsWith('#!')) {
    const first = text.slice(0, 120).split('\n', 1)[0] ?? '';
    const found = INTERPRETERS.find(([pattern]) => pattern.test(first));
    if (found !== undefined) return found[1];
  }
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return LANGUAGES.get(name.slice(name.lastIndexOf('.') + 1)) ?? 'text';
}

/** True for what an interpreter runs, as opposed to data and text. */
export function isCode(language: Language): boolean {
  return language !== 'data' && language !== 'markup' && language !== 'text';
}
