import { wordsOf } from './bash.ts';
import { type Level, valueOptions } from './model.ts';

/** A completion script for PowerShell 5.1 and newer. */
export function powershellScript(levels: readonly Level[]): string {
  return `# Completion of \`skills\` for PowerShell. Put this into $PROFILE:
#   skills completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName skills -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $next = @{
${levels.flatMap((level) => level.lines.map((line) => row(line, nextOf(level)))).join('\n')}
  }
  $options = @{
${levels.flatMap((level) => level.lines.map((line) => row(line, optionsOf(level)))).join('\n')}
  }
  $values = @{
${levels.flatMap(valueRows).join('\n')}
  }
  $valued = @(${list(valueOptions(levels))})
  $installed = @(${list(levels.filter(({ arguments: { kind } }) => kind === 'installed').flatMap(({ lines }) => lines))})

  $before = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.Extent.Text })
  $line = ''
  $skip = $false
  foreach ($word in $before) {
    if ($skip) { $skip = $false; continue }
    if ($valued -ccontains $word) { $skip = $true; continue }
    if ($word.StartsWith('-')) { continue }
    $longer = "$line $word".Trim()
    if (-not $next.ContainsKey($longer)) { break }
    $line = $longer
  }
  $last = if ($before.Count -gt 0) { $before[-1] } else { '' }
  $found = if ($values.ContainsKey("$line $last")) { $values["$line $last"] }
  elseif ($skip) { @() }
  elseif ($wordToComplete.StartsWith('-')) { $options[$line] }
  elseif ($installed -ccontains $line) {
    if ($before -ccontains '-g' -or $before -ccontains '--global') {
      $folder = if ($env:SKILLS_HOME) { $env:SKILLS_HOME } else { Join-Path $HOME '.skills' }
    } else {
      $root = (Get-Location).Path
      while ($root -and -not (Test-Path (Join-Path $root 'skills.json')) -and -not (Test-Path (Join-Path $root 'skills.lock'))) {
        $root = Split-Path $root -Parent
      }
      if (-not $root) { $root = (Get-Location).Path }
      $folder = Join-Path $root '.agents/skills'
    }
    Get-ChildItem -Path $folder -Directory -ErrorAction SilentlyContinue |
      Where-Object { $_.Name -cmatch '^[a-z0-9-]+$' } | ForEach-Object { $_.Name }
  }
  else { $next[$line] }
  $found | Where-Object { $_ -and $_.StartsWith($wordToComplete) } |
    ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
`;
}

function nextOf({ next, arguments: values }: Level): string[] {
  return [...next.map(({ word }) => word), ...wordsOf(values)];
}

function optionsOf({ options }: Level): string[] {
  return options.flatMap(({ names }) => names);
}

function valueRows({ lines, options }: Level): string[] {
  return options.flatMap(({ names, value }) =>
    value?.kind === 'words' ? lines.flatMap((line) => names.map((name) => row(`${line} ${name}`, value.words))) : [],
  );
}

function row(key: string, words: readonly string[]): string {
  return `    '${key}' = @(${list(words)})`;
}

function list(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ');
}
