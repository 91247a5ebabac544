import { Component, type ReactNode, Suspense, useId, useState } from 'react'

interface BoundaryProps {
  readonly onRetry: () => void
  readonly children: ReactNode
}

interface BoundaryState {
  readonly message: string | null
}

/** Shows why a query failed. */
class ErrorBoundary extends Component<BoundaryProps, BoundaryState> {
  override readonly state: BoundaryState = { message: null }

  static getDerivedStateFromError({ message }: Error): BoundaryState {
    return { message }
  }

  override render() {
    if (this.state.message === null) return this.props.children
    return (
      <>
        <p role="alert">{this.state.message}</p>
        <button type="button" onClick={this.props.onRetry}>
          Try again
        </button>
      </>
    )
  }
}

interface SectionProps {
  readonly title: string
  /** @param attempt counts the attempts to show the section; as `fetchKey` of a query, it makes Relay send the query again */
  readonly children: (attempt: number) => ReactNode
}

/** A part of the page that loads, and fails, on its own. */
export const Section = ({ title, children }: SectionProps) => {
  const id = useId()
  const [attempt, setAttempt] = useState(0)
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <ErrorBoundary key={attempt} onRetry={() => setAttempt(attempt + 1)}>
        <Suspense fallback={<p>Loading…</p>}>{children(attempt)}</Suspense>
      </ErrorBoundary>
    </section>
  )
}
