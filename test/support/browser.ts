/**
 * A headless Chromium for the tests of pages, if this machine has one: CHROMIUM_PATH, or one of the usual places. Every
 * host but this machine's own is cut off, so that a page that needs the outside world fails.
 */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
]

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
]

/** The path of a browser. Says on standard error that the browser tests do not run when there is none. */
export function findBrowser(): string | undefined {
  const given = process.env.CHROMIUM_PATH
  const found = given === undefined || given === '' ? USUAL_PLACES.find(existsSync) : given
  if (found === undefined) process.stderr.write('\nBROWSER TESTS DID NOT RUN: no Chromium found. Install one, or set CHROMIUM_PATH.\n\n')
  return found
}

export const launch = (executablePath: string): Promise<Browser> => chromium.launch({ executablePath, headless: true, args: FLAGS })
