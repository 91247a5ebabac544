/** The terminal and the files of this process. */
import type { ClientSide } from '../clientSide.ts'
import { fileSize, readFile, writeFile } from './files.ts'
import { createProgressBar } from './progressBar.ts'
import { askSecret, confirm } from './questions.ts'
import { printTo } from './streams.ts'
import { visible } from './visible.ts'

/** @param signal aborted by Ctrl-C */
export const createLocalSide = (signal: AbortSignal): ClientSide => {
  const bar = createProgressBar(process.stderr)
  return {
    async print(to, text) {
      bar.clear()
      await printTo(to === 'out' ? process.stdout : process.stderr, visible(text))
    },
    progress: (state) => (state === null ? bar.clear() : bar.show({ ...state, what: visible(state.what) })),
    async confirm(question) {
      bar.clear()
      return await confirm(visible(question), signal)
    },
    async askSecret(question) {
      bar.clear()
      return await askSecret(visible(question), signal)
    },
    readFile,
    fileSize,
    writeFile,
  }
}
