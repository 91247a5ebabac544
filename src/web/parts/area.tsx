/** A part of the pages with sections of its own: the way to each of them beside the one that is open. */
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { PageLink } from './page.tsx'

export interface Section {
  readonly path: string
  readonly title: string
}

interface AreaProps {
  readonly label: string
  readonly sections: readonly Section[]
  readonly children: ReactNode
}

export const Area = ({ label, sections, children }: AreaProps) => {
  const [path] = useLocation()
  // The longest one that begins the address.
  const current = sections.filter((section) => path === section.path || path.startsWith(`${section.path}/`)).at(-1)
  return (
    <div className="area">
      <nav aria-label={label}>
        <ul>
          {sections.map((section) => (
            <li key={section.path}>
              <PageLink to={section.path} isCurrent={section === current}>
                {section.title}
              </PageLink>
            </li>
          ))}
        </ul>
      </nav>
      <div>{children}</div>
    </div>
  )
}
