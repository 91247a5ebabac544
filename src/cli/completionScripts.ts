/** Scripts that complete command lines, from the tree of commands. */
import { type Command, Help } from 'commander'

export const shells = ['bash', 'zsh', 'fish'] as const

/** A place in the tree: the words so far, and what may follow. */
interface Place {
  readonly words: readonly string[]
  readonly commands: readonly { readonly name: string; readonly about: string }[]
  readonly options: readonly { readonly flag: string; readonly about: string; readonly takesValue: boolean }[]
  /** The values that its first argument may have. */
  readonly choices: readonly string[]
}

/** Knows which commands the help leaves out. */
const visible = new Help()

const placesOf = (command: Command, words: readonly string[] = []): Place[] => {
  const children = visible.visibleCommands(command).filter((child) => command.commands.includes(child))
  const options = command.options.flatMap(({ long, description, required, optional }) =>
    long == null ? [] : [{ flag: long, about: description, takesValue: required || optional }],
  )
  const place: Place = {
    words,
    commands: children.map((child) => ({ name: child.name(), about: child.summary() || child.description() })),
    options: [...options, { flag: '--help', about: 'print help', takesValue: false }],
    choices: command.registeredArguments[0]?.argChoices ?? [],
  }
  return [place, ...children.flatMap((child) => placesOf(child, [...words, child.name()]))]
}

/** In single quotes, for every of the shells. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

const wordsAt = ({ commands, options, choices }: Place): string =>
  [...commands.map(({ name }) => name), ...choices, ...options.map(({ flag }) => flag)].join(' ')

/** Where the words that are no options lead, and the words of that place; files otherwise. */
const bash = (places: readonly Place[]): string => `# bash completion of vestibule
_vestibule() {
  local current=\${COMP_WORDS[COMP_CWORD]} path='' word words
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
${places
  .slice(1)
  .map(({ words }) => `      ${quoted(`${words.slice(0, -1).join(' ')} ${words.at(-1)}`)}) path=${quoted(words.join(' '))} ;;`)
  .join('\n')}
    esac
  done
  case "$path" in
${places.map((place) => `    ${quoted(place.words.join(' '))}) words=${quoted(wordsAt(place))} ;;`).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _vestibule vestibule
`

const described = (name: string, about: string): string => quoted(`${name.replaceAll(':', '\\:')}:${about}`)

const zsh = (places: readonly Place[]): string => `#compdef vestibule
# zsh completion of vestibule
_vestibule() {
  local place='' word
  local -a choices
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$place $word" in
${places
  .slice(1)
  .map(({ words }) => `      ${quoted(`${words.slice(0, -1).join(' ')} ${words.at(-1)}`)}) place=${quoted(words.join(' '))} ;;`)
  .join('\n')}
    esac
  done
  case "$place" in
${places
  .map(
    ({ words, commands, options, choices }) =>
      `    ${quoted(words.join(' '))}) choices=(${[
        ...commands.map(({ name, about }) => described(name, about)),
        ...choices.map((choice) => described(choice, '')),
        ...options.map(({ flag, about }) => described(flag, about)),
      ].join(' ')}) ;;`,
  )
  .join('\n')}
  esac
  _describe vestibule choices || _files
}
if [ "$funcstack[1]" = _vestibule ]; then _vestibule "$@"; else compdef _vestibule vestibule; fi
`

/** Whether the words so far lead to a place, as fish asks. */
const fishCondition = ({ words, commands }: Place): string => {
  if (words.length === 0) return '__fish_use_subcommand'
  const seen = words.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ')
  if (commands.length === 0) return seen
  return `${seen}; and not __fish_seen_subcommand_from ${commands.map(({ name }) => name).join(' ')}`
}

const fishLines = (place: Place): string[] => {
  const start = `complete -c vestibule -n ${quoted(fishCondition(place))}`
  return [
    ...place.commands.map(({ name, about }) => `${start} -f -a ${name} -d ${quoted(about)}`),
    ...place.choices.map((choice) => `${start} -f -a ${choice}`),
    ...place.options.map(({ flag, about, takesValue }) => `${start} -l ${flag.slice(2)}${takesValue ? ' -r' : ''} -d ${quoted(about)}`),
  ]
}

const fish = (places: readonly Place[]): string => `# fish completion of vestibule\n${places.flatMap(fishLines).join('\n')}\n`

const scripts: Readonly<Record<(typeof shells)[number], (places: readonly Place[]) => string>> = { bash, zsh, fish }

export const completionScript = (program: Command, shell: (typeof shells)[number]): string => scripts[shell](placesOf(program))
