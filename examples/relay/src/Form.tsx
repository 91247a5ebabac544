import { createContext, type FormEvent, type InputHTMLAttributes, type ReactNode, useContext, useId } from 'react'
import { FailureMessage } from './FailureMessage.tsx'
import type { Failure } from './useOperation.ts'

const FailureContext = createContext<Failure | null>(null)

/** The value of the field with this name. */
type Value = (name: string) => string

interface FormProps {
  readonly title: string
  readonly button: string
  readonly isPending: boolean
  readonly failure: Failure | null
  readonly onSubmit: (value: Value) => void
  readonly children: ReactNode
}

/** A form that shows the failure of its mutation: the message at its end, and each field error beside its field. */
export const Form = ({ title, button, isPending, failure, onSubmit, children }: FormProps) => {
  const id = useId()
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    onSubmit((name) => String(data.get(name)))
  }
  return (
    <form aria-labelledby={id} onSubmit={submit} noValidate>
      <h3 id={id}>{title}</h3>
      <FailureContext value={failure}>{children}</FailureContext>
      <FailureMessage failure={failure} />
      <button type="submit" disabled={isPending}>
        {button}
      </button>
    </form>
  )
}

interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  readonly label: string
  /** The name of the field of the mutation's input. */
  readonly name: string
}

export const Field = ({ label, name, ...input }: FieldProps) => {
  const id = useId()
  const problem = useContext(FailureContext)?.fieldErrors.find(({ field }) => field === name)?.message
  const described = problem === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': `${id}-problem` }
  return (
    <p>
      <label htmlFor={id}>{label}</label>
      <input id={id} name={name} {...described} {...input} />{' '}
      {problem !== undefined && (
        <span id={`${id}-problem`} className="problem">
          {problem}
        </span>
      )}
    </p>
  )
}
