import type { Candidates } from './candidates.ts';
import { type Level, valueOptions } from './model.ts';

/** A completion script for bash 3.2 and newer. */
export function bashScript(levels: readonly Level[]): string {
  return `# Completion of \`skills\` for bash. Put this into ~/.bashrc: eval "$(skills completion bash)"
_skills_installed() {
  local folder=$PWD name
  if [[ $1 == global ]]; then
    folder=\${SKILLS_HOME:-$HOME/.skills}
  else
    while [[ -n $folder && ! -e $folder/skills.json && ! -e $folder/skills.lock ]]; do folder=\${folder%/*}; done
    [[ -n $folder || -e /skills.json || -e /skills.lock ]] || folder=$PWD
    folder=$folder/.agents/skills
  fi
  for name in "$folder"/*/; do
    name=\${name%/}
    name=\${name##*/}
    [[ $name == "$2"* && $name != *[^a-z0-9-]* ]] && COMPREPLY+=("$name")
  done
}

_skills() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  local line= skip= scope=project words= options= installed= word
  COMPREPLY=()
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
${lineLoop(levels, pattern)}
  done
  case "$line $prev" in
${levels.flatMap(valueCases).join('\n')}
  esac
  case $line in
${levels.map(levelCase).join('\n')}
  esac
  if [[ $cur == -* ]]; then COMPREPLY=($(compgen -W "$options" -- "$cur"))
  else
    COMPREPLY=($(compgen -W "$words" -- "$cur"))
    [[ -z $installed ]] || _skills_installed "$scope" "$cur"
  fi
}
complete -o bashdefault -o default -F _skills skills
`;
}

/** The body of the loop, in bash and zsh alike, that finds the subcommand in what is typed before the cursor. */
export function lineLoop(levels: readonly Level[], pattern: (words: readonly string[]) => string): string {
  const lines = levels.flatMap((level) => level.lines).filter((line) => line !== '');
  return `    if [[ -n $skip ]]; then skip=; continue; fi
    case $word in
      -g|--global) scope=global; continue ;;
      ${pattern(valueOptions(levels))}) skip=1; continue ;;
      -*) continue ;;
    esac
    case "\${line:+$line }$word" in
      ${pattern(lines)}) line="\${line:+$line }$word" ;;
      *) break ;;
    esac`;
}

/** Names of commands and options hold letters, digits, spaces and hyphens only. */
function pattern(words: readonly string[]): string {
  return words.map((word) => (word.includes(' ') || word === '' ? `'${word}'` : word)).join('|');
}

function valueCases({ lines, options }: Level): string[] {
  return options.flatMap(({ names, value }) => {
    if (value === undefined) return [];
    const when = lines.flatMap((line) => names.map((name) => `'${line} ${name}'`)).join('|');
    const then = value.kind === 'words' ? `COMPREPLY=($(compgen -W '${value.words.join(' ')}' -- "$cur")); ` : '';
    return [`    ${when}) ${then}return ;;`];
  });
}

function levelCase({ lines, next, options, arguments: values }: Level): string {
  const words = [...next.map(({ word }) => word), ...wordsOf(values)].join(' ');
  const names = options.flatMap((option) => option.names).join(' ');
  const installed = values.kind === 'installed' ? ' installed=1' : '';
  return `    ${pattern(lines)}) words='${words}' options='${names}'${installed} ;;`;
}

export function wordsOf(values: Candidates): readonly string[] {
  return values.kind === 'words' ? values.words : [];
}
