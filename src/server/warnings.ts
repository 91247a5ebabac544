/** Passes warnings of Node.js and of drivers to `warn`; by default they are several lines on standard error. */
export function takeWarnings(warn: (warning: Error) => void): void {
  process.removeAllListeners('warning')
  process.on('warning', warn)
}
