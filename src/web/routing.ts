/** The addresses of the pages, all below the path that the server gives. */
import { useCallback } from 'react'
import { useLocation, useSearch } from 'wouter'

interface NavigateOptions {
  /** Puts the new address in place of the present one. */
  readonly replace?: boolean
}

export const useNavigate = (): ((to: string, options?: NavigateOptions) => void) => {
  const [, navigate] = useLocation()
  return useCallback((to, options) => navigate(to, options), [navigate])
}

type Asked = Readonly<Record<string, string | null>>

/** The parameters of the address, and how to change some of them; null removes one. Back and forward go through the changes. */
export const useParameters = (): readonly [URLSearchParams, (changes: Asked) => void] => {
  const [path, navigate] = useLocation()
  const search = useSearch()
  const change = useCallback(
    (changes: Asked) => {
      const parameters = new URLSearchParams(search)
      for (const [name, value] of Object.entries(changes)) {
        if (value === null || value === '') parameters.delete(name)
        else parameters.set(name, value)
      }
      const text = parameters.toString()
      navigate(text === '' ? path : `${path}?${text}`)
    },
    [path, search, navigate],
  )
  return [new URLSearchParams(search), change]
}

/** The rest of an address as the text that it stands for: the router decodes no character that could part an address. */
export const decodedPart = (part: string | undefined): string => {
  try {
    return decodeURIComponent(part ?? '')
  } catch {
    return part ?? ''
  }
}
