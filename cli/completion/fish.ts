import type { Candidates } from './candidates.ts';
import { type CompletedOption, type Level, valueOptions } from './model.ts';

/** A completion script for fish 3 and newer. */
export function fishScript(levels: readonly Level[]): string {
  const lines = levels.flatMap((level) => level.lines).filter((line) => line !== '');
  return `# Completion of \`skills\` for fish: skills completion fish > ~/.config/fish/completions/skills.fish
function __skills_line
    set -l line
    set -l skip
    for word in (commandline -opc)[2..-1]
        if test -n "$skip"
            set skip
            continue
        end
        switch $word
            case ${valueOptions(levels).join(' ')}
                set skip 1
                continue
            case '-*'
                continue
        end
        switch (string join ' ' -- $line $word)
            case ${lines.map(quote).join(' ')}
                set -a line $word
            case '*'
                break
        end
    end
    string join ' ' -- $line
end

function __skills_at
    set -l line (__skills_line)
    contains -- "$line" $argv
end

function __skills_installed
    set -l folder $PWD
    if string match -qr -- '^(-g|--global)$' (commandline -opc)
        set folder (set -q SKILLS_HOME; and echo $SKILLS_HOME; or echo $HOME/.skills)
    else
        while test "$folder" != /; and not test -e "$folder/skills.json"; and not test -e "$folder/skills.lock"
            set folder (dirname "$folder")
        end
        test -e "$folder/skills.json"; or test -e "$folder/skills.lock"; or set folder $PWD
        set folder "$folder/.agents/skills"
    end
    for path in $folder/*/
        string match -r -- '^[a-z0-9-]+$' (string split -r -m1 / -- (string trim -rc / -- $path))[-1]
    end
end

complete -c skills -e
${levels.flatMap(levelLines).join('\n')}
`;
}

function levelLines({ lines, next, options, arguments: values }: Level): string[] {
  const at = `complete -c skills -n ${quote(`__skills_at ${lines.map((line) => (line === '' ? '""' : `"${line}"`)).join(' ')}`)}`;
  return [
    ...next.map(({ word, description }) => `${at} -f -a ${word} -d ${quote(description)}`),
    ...argumentLines(at, values),
    ...options.map((option) => `${at}${namesOf(option)}${wanted(option)} -d ${quote(option.description)}`),
  ];
}

function argumentLines(at: string, values: Candidates): string[] {
  if (values.kind === 'installed') return [`${at} -f -a '(__skills_installed)'`];
  if (values.kind === 'words') return [`${at} -f -a ${quote(values.words.join(' '))}`];
  return values.kind === 'none' ? [`${at} -f`] : [];
}

function namesOf({ names }: CompletedOption): string {
  return names.map((name) => (name.startsWith('--') ? ` -l ${name.slice(2)}` : ` -s ${name.slice(1)}`)).join('');
}

function wanted({ value }: CompletedOption): string {
  if (value === undefined) return '';
  return value.kind === 'words' ? ` -x -a ${quote(value.words.join(' '))}` : ' -r';
}

/** In single quotes fish knows two escapes. */
function quote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
