/** `vestibule completion` prints what a shell needs to complete command lines. It is made from the commands, so it is never behind. */
import { Argument } from 'commander'
import type { CliCommand } from '../command.ts'
import { defineCommand } from '../command.ts'
import { completionScript, shells } from '../completionScripts.ts'
import { exitCodes } from '../exitCodes.ts'
import { createProgram, type ProgramParts } from '../program.ts'

interface Args {
  readonly shell: (typeof shells)[number]
}

/** @param others what is completed, beside this command itself */
export const completionOf = (others: ProgramParts): CliCommand => {
  const completion = defineCommand<'nothing', Args>({
    name: 'completion',
    summary: 'Print what a shell needs to complete command lines',
    examples: [
      ['completion bash >/etc/bash_completion.d/vestibule', 'for every bash'],
      ['completion zsh >~/.zfunc/_vestibule', 'for zsh, where fpath has ~/.zfunc'],
      ['completion fish >~/.config/fish/completions/vestibule.fish', 'for fish'],
    ],
    needs: 'nothing',
    printsJson: false,
    define: (command) => void command.addArgument(new Argument('<shell>', 'the shell').choices(shells)),
    async run({ output }, { shell }) {
      const commands = [...others.commands, completion].filter(({ isHidden }) => isHidden !== true)
      const program = createProgram({ ...others, commands }, () => undefined)
      await output.result(null, completionScript(program, shell))
      return exitCodes.done
    },
  })
  return completion
}
