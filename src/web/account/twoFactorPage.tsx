/** /account/two-factor: the second factor, and the recovery codes, which are shown once. */
import { useState } from 'react'
import { Button } from 'react-aria-components'
import { useTexts, useTextsOf } from '../locale.tsx'
import { Check } from '../parts/check.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { ChangeForm, Field, PasswordField } from '../parts/form.tsx'
import { Notice, ProblemNotice } from '../parts/notice.tsx'
import { usePage } from '../parts/page.tsx'
import { saveFile } from '../parts/saveFile.ts'
import { Window } from '../parts/window.tsx'
import { useChange } from '../proof.tsx'
import { useMe } from '../session.tsx'
import {
  BeginTwoFactorEnrollmentDocument,
  type BeginTwoFactorEnrollmentMutation,
  ConfirmTwoFactorEnrollmentDocument,
  DisableTwoFactorDocument,
  RegenerateRecoveryCodesDocument,
} from './operations.ts'
import { accountTexts } from './texts.ts'
import { useProfile } from './useProfile.ts'

type Secret = Extract<
  BeginTwoFactorEnrollmentMutation['beginTwoFactorEnrollment'],
  { readonly __typename: 'BeginTwoFactorEnrollmentSuccess' }
>

const RecoveryCodes = ({ codes, onKept }: { readonly codes: readonly string[]; readonly onKept: () => void }) => {
  const texts = useTextsOf(accountTexts).twoFactor
  return (
    <section className="card" aria-label={texts.codesTitle}>
      <h2>{texts.codesTitle}</h2>
      <p>{texts.codesPrompt}</p>
      <ul className="codes" dir="ltr">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="actions">
        <Button className="button" onPress={() => window.print()}>
          {texts.print}
        </Button>
        <Button className="button" onPress={() => saveFile('recovery-codes.txt', 'text/plain', [`${codes.join('\n')}\n`])}>
          {texts.download}
        </Button>
        <Button className="button main" onPress={onKept}>
          {texts.kept}
        </Button>
      </div>
    </section>
  )
}

const Enrollment = ({ secret, onEnabled }: { readonly secret: Secret; readonly onEnabled: (codes: readonly string[]) => void }) => {
  const texts = useTextsOf(accountTexts).twoFactor
  const { changed } = useProfile()
  const confirm = useChange(ConfirmTwoFactorEnrollmentDocument)
  const send = async (read: (field: string) => string) => {
    const result = await confirm.run({ input: { code: read('code'), endOtherSessions: read('endOtherSessions') === 'yes' } })
    if (result?.__typename !== 'ConfirmTwoFactorEnrollmentSuccess') return
    if (result.user !== null) changed(result.user)
    onEnabled(result.recoveryCodes)
  }
  return (
    <section className="card" aria-label={texts.begin}>
      <p>{texts.scan}</p>
      <img className="qr" src={secret.qrCode} alt={texts.qrCode} width="224" height="224" />
      <p>{texts.secret}</p>
      <p dir="ltr">
        <code className="secret">{secret.secret.replace(/.{4}(?=.)/g, '$& ')}</code>
      </p>
      <p>
        <a href={secret.otpauthUrl}>{texts.openApp}</a>
      </p>
      <ChangeForm submit={texts.confirm} isBusy={confirm.isBusy} problem={confirm.problem} onSend={send}>
        <Field name="code" label={texts.code} autoComplete="one-time-code" inputMode="numeric" isRequired dir="ltr" autoFocus />
        <Check name="endOtherSessions" value="yes">
          {texts.endOthers}
        </Check>
      </ChangeForm>
    </section>
  )
}

const Off = ({ onEnabled }: { readonly onEnabled: (codes: readonly string[]) => void }) => {
  const texts = useTextsOf(accountTexts).twoFactor
  const begin = useChange(BeginTwoFactorEnrollmentDocument)
  const [secret, setSecret] = useState<Secret>()
  const start = async () => {
    const result = await begin.run({})
    if (result?.__typename === 'BeginTwoFactorEnrollmentSuccess') setSecret(result)
  }
  if (secret !== undefined) return <Enrollment secret={secret} onEnabled={onEnabled} />
  return (
    <>
      <p>{texts.off}</p>
      {begin.problem !== undefined && <ProblemNotice problem={begin.problem} />}
      <Button className="button main" isPending={begin.isBusy} onPress={() => void start()}>
        {texts.begin}
      </Button>
    </>
  )
}

const Disable = ({ onDisabled }: { readonly onDisabled: () => void }) => {
  const texts = useTextsOf(accountTexts).twoFactor
  const { password } = useTexts()
  const { changed } = useProfile()
  const disable = useChange(DisableTwoFactorDocument)
  const [isOpen, setOpen] = useState(false)
  const send = async (read: (field: string) => string) => {
    const result = await disable.run({ input: { proof: { password: read('password') } } })
    if (result?.__typename !== 'DisableTwoFactorSuccess') return
    setOpen(false)
    changed(result.user)
    onDisabled()
  }
  return (
    <>
      <Button className="button danger small" onPress={() => setOpen(true)}>
        {texts.disable}
      </Button>
      <Window title={texts.disable} isOpen={isOpen} onClose={() => setOpen(false)}>
        <ChangeForm submit={texts.disable} isBusy={disable.isBusy} problem={disable.problem} onSend={send} isDangerous>
          <p>{texts.disablePrompt}</p>
          <PasswordField name="password" label={password.label} autoComplete="current-password" autoFocus />
        </ChangeForm>
      </Window>
    </>
  )
}

interface OnProps {
  readonly codesLeft: number
  readonly onCodes: (codes: readonly string[]) => void
  readonly onDisabled: () => void
}

const On = ({ codesLeft, onCodes, onDisabled }: OnProps) => {
  const texts = useTextsOf(accountTexts).twoFactor
  const { changed } = useProfile()
  const regenerate = useChange(RegenerateRecoveryCodesDocument)
  const makeCodes = async () => {
    const result = await regenerate.run({})
    if (result?.__typename !== 'RegenerateRecoveryCodesSuccess') return
    if (result.user !== null) changed(result.user)
    onCodes(result.recoveryCodes)
  }
  return (
    <>
      <p>{texts.on}</p>
      <p>{texts.codesLeft(codesLeft)}</p>
      {codesLeft < 3 && <Notice kind="info">{texts.fewCodes}</Notice>}
      {regenerate.problem !== undefined && <ProblemNotice problem={regenerate.problem} />}
      <div className="actions">
        <Confirm
          label={texts.regenerate}
          question={texts.regenerateHint}
          isDangerous={false}
          isBusy={regenerate.isBusy}
          onConfirm={() => void makeCodes()}
        />
        <Disable onDisabled={onDisabled} />
      </div>
    </>
  )
}

export const TwoFactorPage = () => {
  const texts = useTextsOf(accountTexts).twoFactor
  const { wait } = useTexts()
  usePage(texts.title)
  const me = useMe()
  const { account, problem, again } = useProfile()
  const [codes, setCodes] = useState<readonly string[]>()
  const [done, setDone] = useState<string>()
  const take = (made: readonly string[]) => {
    setDone(me.twoFactorEnabled ? undefined : texts.isOn)
    setCodes(made)
    again()
  }
  const body = () => {
    if (codes !== undefined) return <RecoveryCodes codes={codes} onKept={() => setCodes(undefined)} />
    if (account === undefined) return problem === undefined && <Notice kind="info">{wait}</Notice>
    if (!me.twoFactorEnabled) return <Off onEnabled={take} />
    return <On codesLeft={account.recoveryCodesLeft ?? 0} onCodes={take} onDisabled={() => setDone(texts.isOff)} />
  }
  return (
    <>
      <h1>{texts.title}</h1>
      {problem !== undefined && <ProblemNotice problem={problem} onRetry={again} />}
      {done !== undefined && <Notice kind="good">{done}</Notice>}
      {body()}
    </>
  )
}
