/** One of a few values, chosen with the browser's own list, which every device shows in its own way. */
import { useId } from 'react'

interface ChoiceProps {
  readonly label: string
  readonly name?: string
  readonly options: readonly { readonly value: string; readonly label: string }[]
  readonly value?: string
  readonly defaultValue?: string
  readonly onChange?: (value: string) => void
}

export const Choice = ({ label, options, onChange, ...attributes }: ChoiceProps) => {
  const id = useId()
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select id={id} {...attributes} onChange={(event) => onChange?.(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}
