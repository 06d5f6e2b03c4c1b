import type { SinkLabel, SourceLabel } from './rule.ts';
import { sinksIn } from './signals/index.ts';
import type { Unit } from './units.ts';

/** A statement; what it does is looked up when it is first asked for. */
export interface Step {
  unit: Unit;
  /** What it reads by itself. */
  sources: ReadonlySet<SourceLabel>;
  /** What it does with the data that it uses. */
  sinks: () => ReadonlySet<SinkLabel>;
  /** Names of variables, functions and files. */
  uses: () => readonly string[];
  /** The names that it assigns and the files that it writes. */
  sets: () => readonly string[];
}

const NAME =
  /[A-Za-z_]\w*|(?:~|\.{1,2})?\/[\w.$/-]*\w|[\w-]+\.(?:sh|py|js|ps1|exe|zip|tgz|gz|tar|dmg|pkg|bin|bat|txt|json|dat)\b/g;
const ASSIGNED = [
  /(?:^|[;{(]\s*|\s)(?:export\s+|const\s+|let\s+|var\s+|local\s+|my\s+)?\$?([A-Za-z_]\w*)(?:\[[^\]\n]{0,60}\])?(?:\s*:\s*[\w.<>[\]| ]{1,40})?\s*(?:[+|:]|\?\?)?=(?![=>])/g,
  /(?:const|let|var)\s*[{[]\s*([\w,:\s]{1,120}?)\s*[}\]]\s*=/g,
  /\bas\s+([A-Za-z_]\w*)\s*:/g,
  /\bfor\s*\(?\s*(?:const\s+|let\s+)?[[(]?([\w,\s]{1,60}?)[\])]?\s+(?:in|of)\b/g,
  /\b([A-Za-z_]\w*)\.(?:append|push|add|update|extend|write|writelines|write_bytes|write_text|set|concat)\(/g,
  /(?:>>?|\s-\w{0,6}o|\s--output(?:=|\s)|\s-OutFile|\s-O(?=\s+["']?[\w./~$-]+["']?(?:\s|$))|\s--output-document=|\btee(?:\s-a)?)\s*["']?((?:~|\.{1,2})?[\w./$-]+)/g,
  /\b(?:curl|wget|aria2c)\b[^\n|;]{0,300}?https?:\/\/[^\s"']{1,200}\/([\w.-]{3,60})(?=["'\s;|&]|$)/g,
  /\b(?:open|urlretrieve|writeFileSync|writeFile|createWriteStream|DownloadFile|copy|move|copyfile|rename|save|imwrite)\([^\n]{0,200}?["']((?:~|\.{1,2})?[\w./\\:$-]{3,})["']/g,
  /\b(?:urlretrieve|DownloadFile|URLDownloadToFile\w?)\([^\n]{0,200}?,\s*([A-Za-z_$][\w]*)\s*[,)]/g,
  /\bread\s+(?:-\w+\s+(?:["'][^"'\n]{0,10}["']\s+)?){0,4}([A-Za-z_]\w*)/g,
  /\b(?:tar|zip|7z|gpg|openssl|cp|mv|unzip)\s[^\n]{0,40}?((?:~|\.{1,2})?[\w./$-]+\.(?:tgz|tar\.gz|tar|zip|7z|gz|enc|gpg|bin|txt|sh|dat))/g,
];
/** A handle and the file behind it: what is written to the one is in the other. */
const OPENED = /\bopen\(\s*([^,\n)]{1,80}),\s*["'][wax]b?\+?["'][^\n]{0,60}\bas\s+(\w+)/;
/** A cheap test for what the patterns below need. */
const ASSIGNS = /[=>(]|\s-[oO]|\bas\b|\b(?:for|read|tee|tar|zip|7z|gpg|openssl|cp|mv|unzip)\b|--output/;
const DEFINED =
  /^\s*(?:export\s+)?(?:async\s+)?(?:def|function)\s+([A-Za-z_]\w*)\s*\(([^)\n]{0,200})\)?|^\s*(?:const|let)\s+([A-Za-z_]\w*)\s*=\s*(?:async\s*)?\(([^)\n]{0,200})\)\s*=>/;
/** Stands for all files of an archive that was unpacked. */
export const UNPACKED_NAME = '*unpacked*';
const RELATIVE_RUN = /(?:^|[;&|]\s*|sudo\s+)(?:\.\/|cd\s)/;
export const PATH_LIKE = /^(?:~|\.{0,2})\/|\.\w{2,4}$/;

/** The commands of a line of shell, each a statement; a separator in quotation marks separates nothing. */
export function splitUnit(unit: Unit): Unit[] {
  const { text } = unit;
  if (!/&&|;/.test(text)) return [unit];
  const pieces: Unit[] = [];
  let quote = '';
  let depth = 0;
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (quote !== '') quote = char === quote ? '' : quote;
    else if (char === '"' || char === "'" || char === '`') quote = char;
    else if (char === '@' && text[at + 1] === '{') depth++;
    else if (char === '}' && depth > 0) depth--;
    else if (depth > 0) continue;
    else if (char === ';' || (char === '&' && text[at + 1] === '&')) {
      pieces.push({ ...unit, text: text.slice(start, at) });
      start = at + (char === ';' ? 1 : 2);
    }
  }
  pieces.push({ ...unit, text: text.slice(start) });
  return pieces.map((piece) => ({ ...piece, text: piece.text.trim() })).filter((piece) => piece.text !== '');
}

/** A statement, given what it reads. */
export function stepOf({ unit, sources }: Pick<Step, 'unit' | 'sources'>): Step {
  return {
    unit,
    sources,
    sinks: once(() => sinksIn(unit.text)),
    uses: once(() => usesOf(unit.text)),
    sets: once(() => setsOf(unit.text)),
  };
}

function once<T>(read: () => T): () => T {
  let known: { value: T } | undefined;
  return () => {
    known ??= { value: read() };
    return known.value;
  };
}

function usesOf(text: string): string[] {
  const uses = new Set<string>(text.match(NAME));
  if (RELATIVE_RUN.test(text)) uses.add(UNPACKED_NAME);
  return [...uses];
}

function setsOf(text: string): string[] {
  if (!ASSIGNS.test(text)) return [];
  const names = ASSIGNED.flatMap((pattern) => [...text.matchAll(pattern)].flatMap((match) => namesIn(match[1] ?? '')));
  return [...new Set(names)];
}

function namesIn(text: string): string[] {
  return /[/.]/.test(text) ? [text, text.slice(text.lastIndexOf('/') + 1)] : (text.match(/[A-Za-z_]\w*/g) ?? []);
}

/** `with open(path, 'w') as file`: the names behind each handle. */
export function handlesOf(steps: readonly Step[]): [string, string[]][] {
  return steps.flatMap(({ unit }) => {
    const match = OPENED.exec(unit.text);
    return match?.[2] === undefined ? [] : [[match[2], namesIn(match[1] ?? '')]];
  });
}

/** The function that a line defines, with its parameters. */
export function definedIn(text: string): { name: string; parameters: string[] } | undefined {
  const match = DEFINED.exec(text);
  const name = match?.[1] ?? match?.[3];
  if (name === undefined) return undefined;
  return { name, parameters: (match?.[2] ?? match?.[4] ?? '').match(/[A-Za-z_]\w*(?=\s*[,:=)]|\s*$)/g) ?? [] };
}
