/** Folded text and, for each line of its source, the offset in the folded text at which that line begins. */
export interface Folded {
  text: string;
  lineStarts: number[];
}

const LOOK_ALIKES: Record<string, string> = {
  а: 'a',
  в: 'b',
  е: 'e',
  ё: 'e',
  з: '3',
  и: 'u',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  ѕ: 's',
  і: 'i',
  ї: 'i',
  ј: 'j',
  ԁ: 'd',
  ԛ: 'q',
  ԝ: 'w',
  һ: 'h',
  ӏ: 'l',
  ь: 'b',
  α: 'a',
  β: 'b',
  γ: 'y',
  ε: 'e',
  η: 'n',
  ι: 'i',
  κ: 'k',
  μ: 'u',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  σ: 'o',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ω: 'w',
  ı: 'i',
  ł: 'l',
  ø: 'o',
  đ: 'd',
  ɡ: 'g',
  ɑ: 'a',
  ʟ: 'l',
  ʀ: 'r',
  ɪ: 'i',
  ɴ: 'n',
  ᴀ: 'a',
  ᴇ: 'e',
  ᴏ: 'o',
  ꜱ: 's',
  ᴛ: 't',
  ᴜ: 'u',
  '’': "'",
  '‘': "'",
  ʼ: "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '„': '"',
  '–': '-',
  '—': '-',
  '‑': '-',
  '…': '...',
};

/** Zero-width characters, bidirectional controls, soft hyphens, variation selectors, tags and other fillers. */
export const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\u200e\u200f\u202a-\u202e\ufff9-\ufffb]/gu;

const TYPOGRAPHIC = /[‘’ʼ“”«»„–—‑…]/g;
/** Letters and invisible characters beyond ASCII, as opposed to typography, arrows, boxes and most emoji. */
const FOREIGN =
  /[\u00aa\u00ad\u00b5\u00ba\u00c0-\u1fff\u200b-\u200f\u2028-\u202f\u2060-\u20cf\u2100-\u214f\u2460-\u24ff\u2c00-\u2dff\u3000-\ud83b\ud83f-\udbff\ue000-\ufdff\ufe10-\uffff]/;
const NON_ASCII = /[^\p{ASCII}]/u;
/** What begins a list item, heading, table row or quotation, and so a sentence of its own. */
const NEW_BLOCK = /^(?:[-+] |\d{1,3}[.)] |#{1,6} |\||>|$)/;
const SPACED = /(?<![\w'])[a-z][ .\-_][a-z][ .\-_][a-z][ .\-_][a-z][ .\-_]/;
const SPACED_LETTERS = /(?<![\w'])(?:[a-z][ .\-_]){4,60}[a-z](?![\w'])/g;

/**
 * Prose as it is meant rather than written: lower case, one space between words, no emphasis marks and invisible
 * characters, letters of other scripts that look Latin made Latin, and letters spaced o u t joined. Line ends inside a
 * paragraph become spaces, those between paragraphs, list items and table rows stay.
 */
export function foldProse(text: string): Folded {
  const lineStarts: number[] = [];
  let folded = '';
  for (const line of foldLines(text).split('\n')) {
    const part = line.trim();
    if (folded !== '') folded += beginsBlock(part) ? '\n' : ' ';
    lineStarts.push(folded.length);
    folded += part;
  }
  return { text: folded, lineStarts };
}

/** Few lines begin with a letter that could, so that the pattern is rarely asked. */
function beginsBlock(line: string): boolean {
  const first = line.charCodeAt(0);
  return (first >= 97 && first <= 122) === false && NEW_BLOCK.test(line);
}

function foldLines(text: string): string {
  let folded = (NON_ASCII.test(text) ? foldScript(text) : text).toLowerCase();
  if (/[*\\~]|__/.test(folded))
    folded = folded.replace(/^([ \t]*)\*(?= )/gm, '$1-').replace(/\*+|__+|~~+|\\(?=[_*#<>`])/g, '');
  if (SPACED.test(folded)) folded = folded.replace(SPACED_LETTERS, (letters) => letters.replace(/[ .\-_]/g, ''));
  return / {2}|[\t\r]/.test(folded) ? folded.replace(/[ \t\r]+/g, ' ') : folded;
}

/** Text without invisible characters and with look-alikes replaced; what is really of another script stays. */
export function foldScript(text: string): string {
  if (!FOREIGN.test(text)) return text.replace(TYPOGRAPHIC, (mark) => LOOK_ALIKES[mark] ?? mark);
  const visible = text.replace(INVISIBLE, '').normalize('NFKC');
  if (!NON_ASCII.test(visible)) return visible;
  return visible.replace(/[\p{L}\p{M}]+|[‘’ʼ“”«»„–—‑…]/gu, (word) => {
    if (!NON_ASCII.test(word)) return word;
    const latin = [...word.toLowerCase()].map((letter) => LOOK_ALIKES[letter] ?? letter).join('');
    const mixed = /[a-z]/i.test(word) || !NON_ASCII.test(latin);
    return mixed ? latin.normalize('NFD').replace(/\p{M}/gu, '') : word;
  });
}

const SPLIT_STRING = /(["'`])[ \t]{0,3}[+.&][ \t]{0,3}(["'`])/g;
/** `home / ".aws" / "credentials"`, as Python joins paths. */
const JOINED_PATH = /["'][ \t]{0,3}\/[ \t]{0,3}f?["']|(?<=[\w)])[ \t]{1,3}\/[ \t]{1,3}f?["'](?=[.\w])/g;
const SPLIT =
  /["'][ \t]{0,3}\/[ \t]|[ \t]\/[ \t]{1,3}f?["']|["'`][ \t]{0,3}[+.&][ \t]{0,3}["'`]|[a-z](?:''|"")[a-z]|IFS/;
const SHELL_SPLIT = /(?<=[a-z])(?:''|"")(?=[a-z])/g;

/** Code without the tricks that split words: `'cu' + 'rl'`, `c''url`, `${IFS}`. The same text when there is none. */
export function joinSplitWords(line: string): string {
  if (!SPLIT.test(line)) return line;
  return line
    .replace(SPLIT_STRING, (found, left: string, right: string) => (left === right ? '' : found))
    .replace(JOINED_PATH, '/')
    .replace(/\$\{?IFS\}?(?:\$\d)?/g, ' ')
    .replace(SHELL_SPLIT, '');
}
