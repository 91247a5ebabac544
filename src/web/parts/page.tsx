/** What every page has: a title, and links that load nothing anew. */
import { type ReactNode, useEffect } from 'react'
import { Link } from 'wouter'
import { useProductName } from '../productName.tsx'

/** Sets the title of the document. */
export const usePage = (title: string): void => {
  const product = useProductName()
  useEffect(() => {
    document.title = `${title} · ${product}`
  }, [title, product])
}

interface LinkProps {
  /** A path of these pages, or a URL of another site. */
  readonly to: string
  readonly children: ReactNode
  readonly className?: string
  readonly isCurrent?: boolean
}

export const PageLink = ({ to, children, className, isCurrent = false }: LinkProps) =>
  to.startsWith('/') ? (
    <Link href={to} className={className} aria-current={isCurrent ? 'page' : undefined}>
      {children}
    </Link>
  ) : (
    <a href={to} className={className}>
      {children}
    </a>
  )
