/** `vestibule serve` is the server: `src/cli.ts` starts `main.ts`, as `npm start` does. */
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'

export const serve = defineCommand({
  name: 'serve',
  summary: 'Serve, until a signal ends it',
  examples: [
    ['serve', 'with the settings of the environment and of .env'],
    ['serve >log.jsonl', 'its log is JSON lines on standard output'],
  ],
  needs: 'nothing',
  printsJson: false,
  run: async () => exitCodes.failed,
})
