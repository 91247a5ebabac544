/**
 * The two pages: for visitors, and for who is signed in. Each is made anew from its template in index.html, so an answer that comes late goes
 * into a page that nobody sees any more. Texts are put in as texts, never as HTML.
 */
import type { Failure } from './api.ts'
import { MeDocument, UsersDocument } from './operations.ts'
import { ask, signIn, signOut, signUp, verifyCode } from './session.ts'

const PAGE_SIZE = 10

const pageOf = (template: string): DocumentFragment =>
  (document.getElementById(template) as HTMLTemplateElement).content.cloneNode(true) as DocumentFragment

/** The element of a page, which has it. */
const find = <Found extends HTMLElement>(page: ParentNode, selector: string): Found => page.querySelector(selector) as Found

const sentenceFor = (failure: Failure): string => {
  switch (failure.__typename) {
    case 'RateLimitError':
      return `That was too often. Please try again in ${failure.retryAfter} seconds.`
    case 'ConflictError':
      return 'There is an account with this address already. Is it yours? Then sign in.'
    default:
      return failure.message
  }
}

/**
 * Shows a failure in the alert of a form or section, and what is wrong with a field beside it. What was typed stays. Without a failure, it
 * removes what the last one showed.
 */
const show = (part: HTMLElement, failure: Failure | undefined): void => {
  find(part, '[role=alert]').textContent = failure === undefined ? '' : sentenceFor(failure)
  for (const field of part.querySelectorAll('input')) {
    const wrong = failure?.fieldErrors.find((error) => error.field === field.name)
    field.setAttribute('aria-invalid', String(wrong !== undefined))
    find(part, `#${field.getAttribute('aria-describedby')}`).textContent = wrong?.message ?? ''
  }
  part.querySelector<HTMLInputElement>('[aria-invalid=true]')?.focus()
}

/** Runs `action` when the button of a form or section is pressed, but not again before it has ended, and shows how it failed. */
const on = (
  part: HTMLElement,
  event: 'submit' | 'click',
  action: (read: (field: string) => string) => Promise<Failure | undefined>,
): void => {
  const button = find<HTMLButtonElement>(part, 'button')
  const target = event === 'submit' ? part : button
  target.addEventListener(event, async (happened) => {
    happened.preventDefault()
    if (button.ariaDisabled === 'true') return
    button.ariaDisabled = 'true'
    show(part, undefined)
    show(part, await action((field) => find<HTMLInputElement>(part, `[name=${field}]`).value))
    button.ariaDisabled = null
  })
}

export const visitorPage = (): DocumentFragment => {
  const page = pageOf('visitor')
  const password = find<HTMLFormElement>(page, '#sign-in')
  const secondFactor = find<HTMLFormElement>(page, '#second-factor')
  let loginCode = ''
  const askCode = (code: string): void => {
    loginCode = code
    password.hidden = true
    secondFactor.hidden = false
    find(secondFactor, 'input').focus()
  }
  on(find(page, '#sign-up'), 'submit', (read) => signUp({ name: read('name'), email: read('email'), password: read('password') }))
  on(password, 'submit', (read) => signIn(read('identifier'), read('password'), askCode))
  on(secondFactor, 'submit', (read) => verifyCode(loginCode, read('code')))
  secondFactor.addEventListener('reset', () => {
    show(secondFactor, undefined)
    secondFactor.hidden = true
    password.hidden = false
    find(password, 'input').focus()
  })
  return page
}

export const accountPage = (): DocumentFragment => {
  const page = pageOf('account')
  const session = find(page, '#session')
  const users = find(page, '#users')
  on(session, 'click', signOut)
  void showName(session)
  on(users, 'click', pagesInto(users))
  find(users, 'button').click()
  return page
}

const showName = async (session: HTMLElement): Promise<void> => {
  const result = await ask(MeDocument, {})
  switch (result.__typename) {
    case 'User':
      find(session, 'h1').textContent = `Signed in as ${result.name}`
      break
    default:
      show(session, result)
  }
}

/** Returns what loads the next page of the list. If that fails, the pages before it stay, and the same page can be asked for again. */
const pagesInto = (users: HTMLElement) => {
  const list = find(users, 'ul')
  let after: string | null = null
  return async (): Promise<Failure | undefined> => {
    const result = await ask(UsersDocument, { first: PAGE_SIZE, after })
    switch (result.__typename) {
      case 'UserConnection': {
        const { hasNextPage, endCursor } = result.pageInfo
        const lines = result.edges.map(({ node: { name, email } }) => {
          const line = document.createElement('li')
          line.textContent = email === null ? name : `${name}, ${email}`
          line.tabIndex = -1
          return line
        })
        list.append(...lines)
        find(users, '[role=status]').textContent = `${list.childElementCount} accounts${hasNextPage ? ', and there are more' : ''}`
        find(users, 'button').hidden = !hasNextPage
        // Who asked for more reads on where it begins.
        if (after !== null) lines[0]?.focus()
        after = endCursor
        return
      }
      default:
        return result
    }
  }
}
