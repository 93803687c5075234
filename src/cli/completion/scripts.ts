import { script as printTabScript } from "@bomb.sh/tab";
import { printData } from "../printer.ts";

/** The shells there is a script for. */
export const SHELLS = Object.freeze(["bash", "zsh", "fish", "powershell"] as const);

/**
 * Prints what a shell has to read to complete the words of `parley`: it then calls `parley complete`. Those for bash and
 * zsh are ours: addresses are full of colons, at which that of @bomb.sh/tab 0.0.22 for bash inserts the beginning twice
 * and that for zsh cuts the word off; and that for bash runs what is typed in `$(…)`, and needs bash-completion.
 */
export function printScript(shell: (typeof SHELLS)[number]): void {
  if (shell === "bash") printData(BASH.join("\n"));
  else if (shell === "zsh") printData(ZSH.join("\n"));
  else printTabScript(shell, "parley", "parley");
}

const BASH: readonly string[] = Object.freeze([
  "# bash completion for parley",
  "_parley() {",
  "  local answer value directive",
  "  COMPREPLY=()",
  '  answer=$(parley complete --line "${COMP_LINE:0:COMP_POINT}" "$COMP_WORDBREAKS" 2>/dev/null) || return',
  "  directive=${answer##*:}",
  "  while IFS= read -r value; do",
  '    [[ -n $value && $value != :* ]] && COMPREPLY+=("$value")',
  '  done <<< "$answer"',
  "  if [[ ${BASH_VERSINFO[0]} -ge 4 ]]; then",
  "    (( directive & 2 )) && compopt -o nospace",
  "    (( directive & 4 )) && compopt +o default",
  "  fi",
  "  return 0",
  "}",
  "complete -o default -F _parley parley",
  "",
]);

const ZSH: readonly string[] = Object.freeze([
  "#compdef parley",
  "# zsh completion for parley",
  "_parley() {",
  "  local -a answer values options",
  "  local line directive=0",
  '  answer=("${(@f)$(parley complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")',
  "  for line in $answer; do",
  "    if [[ $line == :* ]]; then",
  "      directive=${line#:}",
  "    else",
  "      line=${line//:/\\\\:}",
  "      values+=(\"${line/$'\\t'/:}\")",
  "    fi",
  "  done",
  "  compset -P '--[a-z-]##='",
  "  (( directive & 2 )) && options=(-S '')",
  '  (( $#values )) && _describe -t values value values "${(@)options}" && return',
  "  (( directive & 4 )) || _files",
  "}",
  "if [[ $funcstack[1] == _parley ]]; then _parley; else compdef _parley parley; fi",
  "",
]);
