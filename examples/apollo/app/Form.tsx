import type { ErrorLike } from '@apollo/client'
import { createContext, type ReactNode, type SyntheticEvent, useContext, useId } from 'react'
import type { RefusalFragment } from '../operations.ts'
import { Failure } from './Failure.tsx'

const FieldErrors = createContext<RefusalFragment['fieldErrors']>([])

interface FormProps {
  /** The text of the button. */
  readonly action: string
  /** The failure that the mutation returned. */
  readonly refusal?: RefusalFragment | undefined
  /** Why the mutation returned nothing. */
  readonly error?: ErrorLike | undefined
  readonly isBusy?: boolean
  readonly children: ReactNode
  /** `field` returns the value of a field by its name. */
  readonly onSubmit: (field: (name: string) => string) => void
}

export function Form({ action, refusal, error, isBusy = false, children, onSubmit }: FormProps) {
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = new FormData(event.currentTarget)
    onSubmit((name) => String(values.get(name) ?? ''))
  }
  return (
    <form onSubmit={submit}>
      <FieldErrors value={refusal?.fieldErrors ?? []}>{children}</FieldErrors>
      <Failure of={refusal ?? error} />
      <button type="submit" disabled={isBusy}>
        {action}
      </button>
    </form>
  )
}

interface FieldProps {
  /** The name of the field in the input of the mutation, by which its errors are found. */
  readonly name: string
  readonly label: string
  readonly type?: 'text' | 'email' | 'password' | 'search'
  readonly autoComplete?: string
  readonly defaultValue?: string
  readonly required?: boolean
}

export function Field({ name, label, ...input }: FieldProps) {
  const id = useId()
  const errors = useContext(FieldErrors).filter(({ field }) => field === name)
  const isInvalid = errors.length > 0
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <input id={id} name={name} aria-invalid={isInvalid} aria-describedby={isInvalid ? `${id}-error` : undefined} {...input} />
      {isInvalid && (
        <p className="field-error" id={`${id}-error`}>
          {errors.map(({ message }) => message).join(', ')}
        </p>
      )}
    </div>
  )
}
