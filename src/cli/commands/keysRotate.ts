/** `vestibule keys rotate` makes a new key that signs access tokens; how to change SECRET_KEY is in docs/keys.md. */
import { defineCommand } from '../command.ts'
import { exitCodes } from '../exitCodes.ts'

export const keysRotate = defineCommand({
  name: 'keys rotate',
  summary: 'Make a new key that signs access tokens; nobody is signed out',
  examples: [['keys rotate', 'tokens of the old key stay valid until they expire']],
  needs: 'domain',
  async run({ caller, operations, output }) {
    const kid = await operations.rotateSigningKey(caller)
    await output.result({ kid }, `Access tokens are signed with the new key ${kid}.`)
    return exitCodes.done
  },
})
