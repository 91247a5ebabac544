/** Forms whose failures are announced: the message first, and what is wrong with a field beside it. */
import { createContext, type InputHTMLAttributes, type ReactNode, use, useId } from 'react'
import type { Failure } from './failure.ts'

const FailureOfForm = createContext<Failure | undefined>(undefined)

interface FormProps {
  /** The text of the button. */
  readonly submit: string
  readonly isBusy: boolean
  readonly failure: Failure | undefined
  readonly onSend: (read: (field: string) => string) => void
  readonly children: ReactNode
}

export const Form = ({ submit, isBusy, failure, onSend, children }: FormProps) => (
  <form
    onSubmit={(event) => {
      event.preventDefault()
      const values = new FormData(event.currentTarget)
      onSend((field) => String(values.get(field)))
    }}
  >
    {failure !== undefined && <p role="alert">{failure.message}</p>}
    <FailureOfForm value={failure}>{children}</FailureOfForm>
    <button type="submit" disabled={isBusy}>
      {submit}
    </button>
  </form>
)

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string
  /** The name of the input field in the schema, because `fieldErrors` have it too. */
  readonly name: string
}

export const Field = ({ label, name, ...attributes }: FieldProps) => {
  const id = useId()
  const message = use(FailureOfForm)?.fieldErrors.find(({ field }) => field === name)?.message
  return (
    <p>
      <label htmlFor={id}>{label}</label>
      <input id={id} name={name} aria-invalid={message !== undefined} aria-describedby={message && `${id}-error`} {...attributes} />
      {message && (
        <span id={`${id}-error`} className="error">
          {message}
        </span>
      )}
    </p>
  )
}

export const Section = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => {
  const id = useId()
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  )
}
