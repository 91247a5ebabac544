/** / for a person: what this is, what is on, and where to go. */
import { useEffect, useState } from 'react'
import { useTexts, useTextsOf } from '../locale.tsx'
import { PageLink, usePage } from '../parts/page.tsx'
import { basePath, isOn } from '../settings.ts'
import { landingTexts } from './landingTexts.ts'
import { useService } from './service.ts'

/** What `GET /` answers a program: only what is on, and meant for the public. */
interface Overview {
  readonly links: Readonly<Record<string, string>>
  readonly first_steps?: readonly string[]
  readonly dialects?: readonly { readonly name: string; readonly title: string; readonly openapi?: string }[]
}

const useOverview = (): Overview | undefined => {
  const [overview, setOverview] = useState<Overview>()
  useEffect(() => {
    const read = async () => {
      const response = await fetch(`${basePath}/`, { headers: { accept: 'application/json' } })
      if (response.ok) setOverview(await response.json())
    }
    read().catch(() => undefined)
  }, [])
  return overview
}

const LINKS = ['graphiql', 'graphql_schema', 'rest_documents', 'health', 'keys'] as const

export const LandingPage = () => {
  const texts = useTexts()
  const own = useTextsOf(landingTexts)
  const service = useService()
  const overview = useOverview()
  const name = service?.name ?? 'Vestibule'
  usePage(own.title)
  return (
    <>
      <h1>{name}</h1>
      <p className="lead">{own.lead}</p>
      <p className="actions">
        {isOn('sign-in') && (
          <PageLink to="/sign-in" className="button main">
            {texts.signIn}
          </PageLink>
        )}
        {isOn('sign-in') && service?.isRegistrationOpen === true && (
          <PageLink to="/sign-up" className="button">
            {texts.signUp}
          </PageLink>
        )}
      </p>
      {overview?.first_steps !== undefined && (
        <section aria-labelledby="first-steps">
          <h2 id="first-steps">{own.firstSteps}</h2>
          <ol>
            {overview.first_steps.map((step) => (
              <li key={step}>{own.steps[step as keyof typeof own.steps] ?? step}</li>
            ))}
          </ol>
        </section>
      )}
      {overview !== undefined && LINKS.some((link) => overview.links[link] !== undefined) && (
        <section aria-labelledby="for-developers">
          <h2 id="for-developers">{own.forDevelopers}</h2>
          <ul>
            {LINKS.flatMap((link) => {
              const url = overview.links[link]
              return url === undefined
                ? []
                : [
                    <li key={link}>
                      <a href={url}>{own.links[link]}</a>
                    </li>,
                  ]
            })}
          </ul>
        </section>
      )}
      {overview?.dialects !== undefined && overview.dialects.length > 0 && (
        <section aria-labelledby="dialects">
          <h2 id="dialects">{own.dialects}</h2>
          <ul>
            {overview.dialects.map((dialect) => (
              <li key={dialect.name}>{dialect.openapi === undefined ? dialect.title : <a href={dialect.openapi}>{dialect.title}</a>}</li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}
