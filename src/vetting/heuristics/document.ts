import { type Bundle, type BundleFile, findFile } from '../../format/bundle.ts';
import { readTextFile } from '../../format/text.ts';
import { isCode, type Language, languageOfFile } from './language.ts';
import { cutMarkdown, type PartKind } from './markdown.ts';
import { type Topic, topicOf } from './topic.ts';

/** `script` is a file of code, `data` one of configuration, `decoded` what was encoded in another segment. */
export type SegmentKind = PartKind | 'script' | 'data' | 'decoded';

/** A stretch of one file that is read in one way. */
export interface Segment {
  kind: SegmentKind;
  /** Of what was decoded: the kind of the segment that it stood in. */
  from?: SegmentKind;
  file: string;
  /** The line of the file on which `text` begins, counted from 1. */
  line: number;
  text: string;
  language: Language;
  /** The heading and, for a fenced block, the sentence above; empty elsewhere. */
  heading: string;
}

/** A bundle as the rules see it. */
export interface Document {
  bundle: Bundle;
  /** Every file that is text, with its language and whether it has characters that are invisible or look like others. */
  texts: { file: BundleFile; text: string; language: Language; isExotic: boolean }[];
  segments: Segment[];
  topic: Topic;
}

const EXOTIC =
  /[\u00ad\u0370-\u04ff\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufeff\uffa0\udb40]|[\ufe00-\ufe0f]/;
const PAGE = /\.(?:html?|svg)$/i;
const MAX_SCRIPTS = 50;
const MARKDOWN = /\.(?:md|mdx|markdown|html?|svg)$/i;

/** Cuts the text files of a bundle into segments. Files that are not text are left to the rules that read bytes. */
export function readDocument(bundle: Bundle): Document {
  const texts = bundle.files.flatMap((file) => {
    const text = readTextFile(file.bytes);
    return text === undefined
      ? []
      : [{ file, text, language: languageOfFile(file.path, text), isExotic: EXOTIC.test(text) }];
  });
  const segments = texts.flatMap(({ file, text, language }) => cutFile(file.path, text, language));
  const skill = findFile(bundle, 'SKILL.md');
  const frontmatter = segments.find((segment) => segment.file === 'SKILL.md' && segment.kind === 'frontmatter');
  const topic = topicOf(skill === undefined ? '' : (frontmatter?.text ?? ''));
  return { bundle, texts, segments, topic };
}

/** What stands in the `<script>` elements of a page. */
function scriptsOf(file: string, text: string): Segment[] {
  const scripts: Segment[] = [];
  const lower = text.toLowerCase();
  for (let open = lower.indexOf('<script'); open !== -1; ) {
    const start = lower.indexOf('>', open) + 1;
    const end = start === 0 ? -1 : lower.indexOf('</script', start);
    if (end === -1) break;
    const line = text.slice(0, start).split('\n').length;
    const body = text.slice(start, end);
    if (body.trim() !== '')
      scripts.push({ kind: 'script', file, line, text: body, language: 'javascript', heading: '' });
    open = scripts.length < MAX_SCRIPTS ? lower.indexOf('<script', end) : -1;
  }
  return scripts;
}

function cutFile(file: string, text: string, language: Language): Segment[] {
  if (MARKDOWN.test(file) || (language === 'text' && /^(?:---\n|# )/.test(text))) {
    const parts = cutMarkdown(text).map((part) => ({ ...part, file }));
    return PAGE.test(file) ? [...parts, ...scriptsOf(file, text)] : parts;
  }
  const kind = isCode(language) ? 'script' : language === 'data' ? 'data' : 'prose';
  return [{ kind, file, line: 1, text, language, heading: '' }];
}
