/** Shows the page for whoever is signed in, in this or another tab. */
import { onTokens, readAccount } from '../shared/tokens.ts'
import { accountPage, visitorPage } from './pages.ts'

const main = document.querySelector('main')
let shown: string | null | undefined

/** A refresh changes the tokens too, but not the account: then the page stays as it is. */
const showPage = (): void => {
  const account = readAccount()
  if (account === shown) return
  main?.replaceChildren(account === null ? visitorPage() : accountPage())
  const heading = main?.querySelector('h1')
  if (shown !== undefined) heading?.focus()
  if (shown && account === null && heading) heading.textContent = 'You are signed out'
  shown = account
}

onTokens(showPage)
showPage()
