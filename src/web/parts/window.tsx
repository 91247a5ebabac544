/** A dialog above the page. Escape and the button close it; the focus goes back to where it was. */
import type { ReactNode } from 'react'
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useTexts } from '../locale.tsx'

interface WindowProps {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly children: ReactNode
}

export const Window = ({ title, isOpen, onClose, children }: WindowProps) => {
  const { close } = useTexts()
  return (
    <ModalOverlay className="overlay" isOpen={isOpen} onOpenChange={(opened) => !opened && onClose()}>
      <Modal className="window">
        <Dialog className="dialog">
          <div className="head">
            <Heading slot="title">{title}</Heading>
            <Button className="button plain" onPress={onClose} aria-label={close}>
              ✕
            </Button>
          </div>
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
