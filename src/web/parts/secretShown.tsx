/** A secret that the server shows once, to copy it. */
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { Notice } from './notice.tsx'

interface ShownProps {
  /** The name of the part of the page. */
  readonly label: string
  readonly prompt: string
  readonly secret: string
  readonly copy: string
  readonly copied: string
}

export const SecretShown = ({ label, prompt, secret, copy, copied }: ShownProps) => {
  const [isCopied, setCopied] = useState(false)
  return (
    <section className="card" aria-label={label}>
      <Notice kind="good" takesFocus>
        {prompt}
      </Notice>
      <p dir="ltr">
        <code className="secret">{secret}</code>
      </p>
      <Button className="button" onPress={() => void navigator.clipboard.writeText(secret).then(() => setCopied(true))}>
        {copy}
      </Button>{' '}
      <span role="status">{isCopied && copied}</span>
    </section>
  )
}
