/** For a program that is started with it (`node --require`): each SIGUSR2 sets its clock to what the file in CLOCK_FILE says, in ms beside the true time. */
const { readFileSync } = require('node:fs')

const True = Date
let moved = 0
const now = () => True.now() + moved
globalThis.Date = class extends True {
  constructor(...parts) {
    super(...(parts.length === 0 ? [now()] : parts))
  }
  static now() {
    return now()
  }
}
process.on('SIGUSR2', () => {
  moved = Number(readFileSync(process.env.CLOCK_FILE, 'utf8'))
})
