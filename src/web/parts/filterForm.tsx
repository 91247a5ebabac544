/** What a list shows, chosen in a form and kept in the address: back and forward work, and so does a link to it. */
import { type FormEvent, type HTMLInputTypeAttribute, type ReactNode, useId } from 'react'
import { Button } from 'react-aria-components'
import { useTextsOf } from '../locale.tsx'
import { useParameters } from '../routing.ts'

const texts = { en: { show: 'Show', all: 'Show all' }, ar: { show: 'عرض', all: 'عرض الكل' } }

interface FormProps {
  /** The name of the form for screen readers. */
  readonly label: string
  /** The parameters of the address that the fields of the form have. */
  readonly names: readonly string[]
  readonly children: ReactNode
}

/** A new choice begins at the first page of the list. */
export const FilterForm = ({ label, names, children }: FormProps) => {
  const own = useTextsOf(texts)
  const [parameters, change] = useParameters()
  const given = (name: string) => parameters.get(name) ?? ''
  const show = (values: Readonly<Record<string, string | null>>) => change({ ...values, after: null, before: null })
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = new FormData(event.currentTarget)
    show(Object.fromEntries(names.map((name) => [name, String(values.get(name) ?? '').trim()])))
  }
  return (
    // With another address, such as after a step back, the fields begin anew.
    <search key={names.map(given).join('\n')}>
      <form className="filters" aria-label={label} onSubmit={send}>
        {children}
        <div className="actions">
          <Button type="submit" className="button main">
            {own.show}
          </Button>
          {names.some((name) => given(name) !== '') && (
            <Button className="button" onPress={() => show(Object.fromEntries(names.map((name) => [name, null])))}>
              {own.all}
            </Button>
          )}
        </div>
      </form>
    </search>
  )
}

interface FieldProps {
  readonly label: string
  readonly name: string
  readonly defaultValue: string
  readonly type?: HTMLInputTypeAttribute
  readonly dir?: 'ltr' | 'auto'
}

export const FilterField = ({ label, name, defaultValue, type = 'search', dir = 'auto' }: FieldProps) => {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="plain"
        name={name}
        type={type}
        defaultValue={defaultValue}
        dir={dir}
        autoCapitalize="none"
        spellCheck={false}
      />
    </div>
  )
}
