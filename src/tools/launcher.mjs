/**
 * What `node dist/main.js` and `node dist/cli.js` read first. A Node.js that is too old cannot even link the rest, and would say so with a
 * page of minified code; so the version is looked at before anything of it is loaded.
 */
const OLDEST = [20, 19]

/** One line if this Node.js is too old. Nothing in it is newer than Node.js 12. */
export const complaintAbout = (version) => {
  const [major, minor] = version.split('.').map(Number)
  const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])
  return isOld ? `vestibule: this is Node.js ${version}: it takes 24 or 22, and at least ${OLDEST.join('.')}` : undefined
}

/** The text of a program that loads a module beside it. */
export const launcherOf = (module) => `#!/usr/bin/env node
const OLDEST = ${JSON.stringify(OLDEST)}
const complaintAbout = ${complaintAbout}
const complaint = complaintAbout(process.versions.node)
if (complaint === undefined) import(${JSON.stringify(`./${module}`)})
else {
  console.error(complaint)
  process.exitCode = 1
}
`
