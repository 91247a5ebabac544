/** A button whose deed is asked about before it is done. */
import { type ReactNode, useState } from 'react'
import { Button } from 'react-aria-components'
import { useTexts } from '../locale.tsx'
import { Window } from './window.tsx'

interface ConfirmProps {
  /** The text of the button, and the title of the question. */
  readonly label: string
  /** The name of the button for screen readers, where several have one text. */
  readonly fullLabel?: string
  readonly question: ReactNode
  readonly isBusy?: boolean
  readonly isDangerous?: boolean
  readonly onConfirm: () => void
}

export const Confirm = ({ label, fullLabel, question, isBusy = false, isDangerous = true, onConfirm }: ConfirmProps) => {
  const { cancel } = useTexts()
  const [isOpen, setOpen] = useState(false)
  const confirm = () => {
    setOpen(false)
    onConfirm()
  }
  return (
    <>
      <Button
        className={isDangerous ? 'button danger small' : 'button small'}
        isPending={isBusy}
        onPress={() => setOpen(true)}
        {...(fullLabel !== undefined && { 'aria-label': fullLabel })}
      >
        {label}
      </Button>
      <Window title={fullLabel ?? label} isOpen={isOpen} onClose={() => setOpen(false)}>
        <p>{question}</p>
        <div className="actions">
          <Button className={isDangerous ? 'button danger' : 'button main'} onPress={confirm} autoFocus>
            {label}
          </Button>
          <Button className="button" onPress={() => setOpen(false)}>
            {cancel}
          </Button>
        </div>
      </Window>
    </>
  )
}
