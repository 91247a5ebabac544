/** The warnings of Node.js and of drivers, which would be several lines on standard error: `tell` gets them instead. */
export function takeWarnings(tell: (warning: Error) => void): void {
  process.removeAllListeners('warning')
  process.on('warning', tell)
}
