/**
 * Forms whose failures are announced: the message first, and what is wrong with a field beside it. What was typed stays, whatever the
 * answer is.
 */
import { createContext, type FormEvent, type ReactNode, use, useEffect, useMemo, useRef, useState } from 'react'
import { Button, FieldError, Input, Label, Text, TextArea, TextField } from 'react-aria-components'
import { useTexts } from '../locale.tsx'
import type { Problem } from '../problem.ts'
import type { Texts } from '../texts/en.ts'
import { ProblemNotice, textOfProblem } from './notice.tsx'

interface FormProps {
  /** The text of the button. */
  readonly submit: string
  readonly isBusy: boolean
  readonly problem: Problem | undefined
  readonly onSend: (read: (field: string) => string, form: HTMLFormElement) => void
  readonly children?: ReactNode
  /** Further buttons. */
  readonly actions?: ReactNode
  readonly isDangerous?: boolean
}

/** What a form knows of its fields: each says its name, and what to say if it may not be empty. */
interface Fields {
  add(name: string, empty: string | undefined): () => void
  readonly objections: Readonly<Record<string, string>>
}

const FieldsOfForm = createContext<Fields>({ add: () => () => undefined, objections: {} })

const isOfPassword = (field: string): boolean => /password$/i.test(field)

const reasonOf = (texts: Texts, field: string, message: string): string =>
  isOfPassword(field) && message !== 'is required' ? texts.password.refused(message) : texts.fieldReason(message)

/** The server's objections by field. Only those to the form of an input say why; the code of any other failure does. */
const objectionsOf = (texts: Texts, problem: Problem | undefined): Record<string, string> => {
  const found: Record<string, readonly string[]> = {}
  if (problem === undefined) return {}
  for (const { field, message } of problem.fieldErrors) {
    const name = field.replace(/^input\./, '')
    const isOfForm = problem.code === 'INVALID_INPUT'
    found[name] = [...(found[name] ?? []), isOfForm ? reasonOf(texts, name, message) : textOfProblem(texts, problem)]
  }
  return Object.fromEntries(Object.entries(found).map(([name, reasons]) => [name, [...new Set(reasons)].join(' ')]))
}

const without = (problem: Problem | undefined, old: Problem | undefined): Problem | undefined => (problem === old ? undefined : problem)

/** Objections stay until the form is sent again: a text that vanished earlier would move the button away from under the pointer. */
export const ChangeForm = ({ submit, isBusy, problem, onSend, children, actions, isDangerous = false }: FormProps) => {
  const texts = useTexts()
  const form = useRef<HTMLFormElement>(null)
  const names = useMemo(() => new Map<string, string | undefined>(), [])
  const [missing, setMissing] = useState<Readonly<Record<string, string>>>({})
  const [settled, setSettled] = useState<Problem>()
  const shown = without(problem, settled)
  const objections = useMemo(() => ({ ...objectionsOf(texts, shown), ...missing }), [texts, shown, missing])
  const fields = useMemo(
    (): Fields => ({
      add: (name, empty) => {
        names.set(name, empty)
        return () => void names.delete(name)
      },
      objections,
    }),
    [names, objections],
  )
  const isAtField = Object.keys(objections).some((name) => names.has(name))
  useEffect(() => {
    if (Object.keys(objections).length > 0) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [objections])
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (isBusy) return
    const values = new FormData(event.currentTarget)
    const read = (field: string) => String(values.get(field) ?? '')
    const empty = [...names].flatMap(([name, text]) => (text === undefined || read(name) !== '' ? [] : [[name, text] as const]))
    setSettled(problem)
    setMissing(Object.fromEntries(empty))
    if (empty.length === 0) onSend(read, event.currentTarget)
  }
  return (
    <FieldsOfForm value={fields}>
      <form ref={form} className="form" onSubmit={send} noValidate>
        {shown !== undefined && !isAtField && <ProblemNotice problem={shown} />}
        {children}
        <div className="actions">
          <Button type="submit" className={isDangerous ? 'button danger' : 'button main'} isPending={isBusy}>
            {submit}
          </Button>
          {actions}
        </div>
      </form>
    </FieldsOfForm>
  )
}

interface FieldProps {
  readonly label: string
  /** The name of the input field in the schema, because `fieldErrors` have it too. */
  readonly name: string
  readonly hint?: ReactNode
  readonly type?: 'text' | 'email' | 'tel' | 'search' | 'date'
  readonly autoComplete?: string
  readonly defaultValue?: string
  readonly isRequired?: boolean
  readonly autoFocus?: boolean
  /** Left to right for addresses and codes, whatever the language of the page; `auto` for names. */
  readonly dir?: 'ltr' | 'auto'
  readonly maxLength?: number
  readonly inputMode?: 'numeric' | 'text'
  readonly isLong?: boolean
}

/** The objection to a field. @param empty what to say if it may not be empty */
const useObjection = (name: string, empty: string | undefined): string | undefined => {
  const { add, objections } = use(FieldsOfForm)
  useEffect(() => add(name, empty), [add, name, empty])
  return objections[name]
}

const Objection = ({ text }: { readonly text: string | undefined }) => <FieldError className="objection">{text}</FieldError>

export const Field = ({
  label,
  name,
  hint,
  isRequired = false,
  dir = 'auto',
  isLong = false,
  type = 'text',
  ...attributes
}: FieldProps) => {
  const { optional, required } = useTexts()
  const objection = useObjection(name, isRequired ? required : undefined)
  const validation = { validationBehavior: 'aria', isRequired, isInvalid: objection !== undefined } as const
  return (
    <TextField className="field" name={name} type={type} {...validation} {...attributes}>
      <Label>
        {label} {!isRequired && <span className="optional">{optional}</span>}
      </Label>
      {hint !== undefined && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      {isLong ? <TextArea dir={dir} rows={3} /> : <Input dir={dir} autoCapitalize="none" spellCheck={false} />}
      <Objection text={objection} />
    </TextField>
  )
}

interface PasswordProps {
  readonly label: string
  readonly name: string
  readonly hint?: string
  readonly autoComplete: 'current-password' | 'new-password'
  readonly autoFocus?: boolean
}

/** Suits password managers: the text can be pasted and shown. */
export const PasswordField = ({ label, name, hint, autoComplete, autoFocus = false }: PasswordProps) => {
  const texts = useTexts().password
  const [isShown, setShown] = useState(false)
  const objection = useObjection(name, texts.empty)
  const validation = { validationBehavior: 'aria', isRequired: true, isInvalid: objection !== undefined } as const
  return (
    <TextField className="field" name={name} type={isShown ? 'text' : 'password'} {...validation} {...{ autoComplete, autoFocus }}>
      <Label>{label}</Label>
      {hint !== undefined && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <div className="beside">
        <Input dir="auto" autoCapitalize="none" spellCheck={false} />
        <Button className="button" onPress={() => setShown(!isShown)} aria-label={isShown ? texts.hidePassword : texts.showPassword}>
          {isShown ? texts.hide : texts.show}
        </Button>
      </div>
      <Objection text={objection} />
    </TextField>
  )
}
