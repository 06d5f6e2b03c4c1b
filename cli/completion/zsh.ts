import { lineLoop, wordsOf } from './bash.ts';
import type { Level } from './model.ts';

/** A completion script for zsh: for \`eval\`, or as the file \`_skills\` in a folder of $fpath. */
export function zshScript(levels: readonly Level[]): string {
  return `#compdef skills
# Completion of \`skills\` for zsh. Put this into ~/.zshrc, after compinit: eval "$(skills completion zsh)"
_skills_installed() {
  local folder=$PWD
  local -a names
  if [[ $1 == global ]]; then
    folder=\${SKILLS_HOME:-$HOME/.skills}
  else
    while [[ $folder != / && ! -e $folder/skills.json && ! -e $folder/skills.lock ]]; do folder=\${folder:h}; done
    [[ -e $folder/skills.json || -e $folder/skills.lock ]] || folder=$PWD
    folder=$folder/.agents/skills
  fi
  names=($folder/*(N-/:t))
  names=(\${names:#*[^a-z0-9-]*})
  compadd -a names
}

_skills() {
  local line= skip= scope=project installed= files= word
  local -a next options values
  for word in "\${(@)words[2,CURRENT-1]}"; do
${lineLoop(levels, pattern)}
  done
  case "$line \${words[CURRENT-1]}" in
${levels.flatMap(valueCases).join('\n')}
  esac
  case $line in
${levels.map(levelCase).join('\n')}
  esac
  if [[ \${words[CURRENT]} == -* ]]; then _describe -o option options
  elif [[ -n $installed ]]; then _skills_installed $scope
  elif (( $#next )); then _describe command next
  elif (( $#values )); then compadd -a values
  elif [[ -n $files ]]; then _files
  fi
}

if [[ \${funcstack[1]} == _skills ]]; then _skills "$@"; else compdef _skills skills; fi
`;
}

function pattern(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join('|');
}

function valueCases({ lines, options }: Level): string[] {
  return options.flatMap(({ names, value }) => {
    if (value === undefined) return [];
    const when = pattern(lines.flatMap((line) => names.map((name) => `${line} ${name}`)));
    const then = value.kind === 'words' ? `values=(${value.words.join(' ')}); compadd -a values` : '_files';
    return [`    ${when}) ${then}; return ;;`];
  });
}

function levelCase({ lines, next, options, arguments: values }: Level): string {
  const described = (words: { word: string; description: string }[]) =>
    words.map(({ word, description }) => `      ${quote(`${word}:${description}`)}`).join('\n');
  const names = options.flatMap((option) => option.names.map((word) => ({ word, description: option.description })));
  return `    ${pattern(lines)})
      next=(
${described(next)}
      )
      options=(
${described(names)}
      )
      values=(${wordsOf(values).join(' ')})
      installed=${values.kind === 'installed' ? 1 : ''} files=${values.kind === 'files' ? 1 : ''}
      ;;`;
}

/** In single quotes nothing is special but the single quote. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
