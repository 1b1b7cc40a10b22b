import type { Shell } from './shells.js';

/**
 * What a shell evaluates to complete a program. Each asks the hidden command `__complete`, which answers with what
 * kind of answer it is (`words`, `nospace`, `files`) on the first line and a candidate on each other one.
 */
export function script(shell: Shell, program: string): string {
  const text = { bash, zsh, fish, powershell }[shell];
  return text(program, `_${program.replaceAll('-', '_')}`);
}

const bash = (program: string, name: string): string => `# bash completion for ${program}
${name}() {
  local kind line
  COMPREPLY=()
  {
    IFS= read -r kind
    while IFS= read -r line; do COMPREPLY+=("$line"); done
  } < <("$1" __complete --breaks "$COMP_WORDBREAKS" --type "$COMP_TYPE" \\
    --line "\${COMP_LINE:0:$COMP_POINT}" 2>/dev/null </dev/null)
  case $kind in
    nospace) compopt -o nospace 2>/dev/null ;;
    files) compopt -o default 2>/dev/null ;;
  esac
}
complete -F ${name} ${program}
`;

const zsh = (program: string, name: string): string => `#compdef ${program}
${name}() {
  local kind line
  local -a lines found shown suffix
  lines=("\${(@f)$("\${(Q)words[1]}" __complete -- "\${(@Q)words[2,CURRENT-1]}" "\${(Q)PREFIX}" 2>/dev/null </dev/null)}")
  kind=$lines[1]
  shift lines
  if [[ $kind == files ]]; then
    _files
    return
  fi
  for line in $lines; do
    found+=("\${line%%$'\\t'*}")
    shown+=("\${line/$'\\t'/  -- }")
  done
  [[ $kind == nospace ]] && suffix=(-S '')
  compadd -l -d shown "\${suffix[@]}" -a found
}
if [[ $funcstack[1] == ${name} ]]; then
  ${name} "$@"
else
  compdef ${name} ${program}
fi
`;

const fish = (program: string, name: string): string => `# fish completion for ${program}
function _${name}
    set -l token (commandline -ct)
    set -l word (string unescape -- $token)
    or set word (string replace -r '^["\\']' '' -- $token)
    set -l before (commandline -opc)
    set -e before[1]
    set -l answer (command ${program} __complete -- $before "$word" 2>/dev/null </dev/null)
    if test "$answer[1]" = files
        __fish_complete_path "$word"
        return
    end
    set -e answer[1]
    string join \\n -- $answer
end
complete -c ${program} -f -a '(_${name})'
`;

const powershell = (program: string): string => `# PowerShell completion for ${program}
Register-ArgumentCompleter -Native -CommandName '${program}' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @($commandAst.CommandElements | Select-Object -Skip 1 |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        ForEach-Object {
            if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value }
            else { $_.Extent.Text }
        })
    $word = $wordToComplete -replace "^['""]", ''
    # An empty argument would be lost on the way to the program, so the word goes with its flag.
    $kind, $lines = & '${program}' __complete "--word=$word" -- @before 2>$null
    if ($kind -eq 'files') { return }
    foreach ($line in $lines) {
        $found, $help = $line -split "\`t", 2
        if (-not $help) { $help = $found }
        $text = $found
        # A comma makes a list of a word, and PowerShell has more quotes than one.
        if ($found -match '[^\\w+./:=-]') {
            $text = "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($found) + "'"
        }
        [System.Management.Automation.CompletionResult]::new($text, $found, 'ParameterValue', $help)
    }
}
`;
