/** A box to tick, within a form or alone. */
import type { ReactNode } from 'react'
import { Checkbox } from 'react-aria-components'

interface CheckProps {
  readonly children?: ReactNode
  readonly name?: string
  readonly value?: string
  readonly label?: string
  readonly isSelected?: boolean
  readonly isIndeterminate?: boolean
  readonly isDisabled?: boolean
  readonly defaultSelected?: boolean
  readonly onChange?: (isSelected: boolean) => void
}

export const Check = ({ children, label, ...attributes }: CheckProps) => (
  <Checkbox className="checkbox" {...attributes} {...(label !== undefined && { 'aria-label': label })}>
    <span className="box" aria-hidden="true" />
    {children !== undefined && <span>{children}</span>}
  </Checkbox>
)
