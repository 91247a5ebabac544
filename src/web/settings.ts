/**
 * What the server, or whoever hosts these files elsewhere, writes into the `<meta>` elements of index.html:
 * `vestibule:base`, the path under which the pages are (`/`), `vestibule:graphql`, the URL of GraphQL, and `vestibule:pages`, which pages are on.
 */
const metaOf = (name: string): string => document.querySelector<HTMLMetaElement>(`meta[name="vestibule:${name}"]`)?.content ?? ''

/** Groups of pages that a setting can turn off (`PAGES`). */
export type PageGroup = 'landing' | 'sign-in' | 'account' | 'admin'

/** Without a slash at its end; empty for the root. */
export const basePath = metaOf('base').replace(/\/+$/, '')

export const graphqlUrl = new URL(metaOf('graphql') || `${basePath}/graphql`, location.origin).href

const pages = metaOf('pages').split(' ')

export const isOn = (group: PageGroup): boolean => pages.includes(group)

/** Where people sign in: our own page, or that of a front end; undefined if there is neither. */
export const signInUrl = metaOf('sign-in') || undefined
