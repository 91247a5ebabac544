/** What can be done to the selected accounts, how far it is, and how it ended. */
import { Button } from 'react-aria-components'
import { useTexts, useTextsOf } from '../locale.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { Notice, ProblemNotice, textOfProblem } from '../parts/notice.tsx'
import { usersTexts } from './textsUsers.ts'
import type { Bulk, Outcome, Selection } from './useBulk.ts'

const Ended = ({ outcome: { enabled, done, failed, left, problem } }: { readonly outcome: Outcome }) => {
  const texts = useTextsOf(usersTexts).bulk
  const general = useTexts()
  return (
    <>
      {done > 0 && <Notice kind="good">{enabled ? texts.enabled(done) : texts.disabled(done)}</Notice>}
      {problem !== undefined && <ProblemNotice problem={problem} />}
      {failed.length > 0 && (
        <div className="notice bad" role="alert">
          {texts.failed}
          <ul>
            {failed.map(({ name, problem: reason }) => (
              <li key={name}>
                <bdi>{name}</bdi>: {textOfProblem(general, reason)}
              </li>
            ))}
          </ul>
        </div>
      )}
      {left > 0 && <Notice kind="info">{texts.stopped(left)}</Notice>}
    </>
  )
}

interface BarProps {
  readonly selection: Selection
  readonly bulk: Bulk
  readonly onClear: () => void
}

export const BulkBar = ({ selection, bulk, onClear }: BarProps) => {
  const { bulk: texts, list } = useTextsOf(usersTexts)
  const { progress, outcome, run, stop } = bulk
  const isBusy = progress !== undefined
  return (
    <section aria-label={texts.label}>
      {outcome !== undefined && !isBusy && <Ended outcome={outcome} />}
      {isBusy && <Notice kind="info">{texts.progress(progress.done, progress.all)}</Notice>}
      {selection.size > 0 && (
        <div className="actions bar">
          <span role="status">{list.selected(selection.size)}</span>
          <Confirm
            label={texts.disable}
            question={texts.disableQuestion(selection.size)}
            isBusy={isBusy}
            onConfirm={() => void run(selection, false)}
          />
          <Confirm
            label={texts.enable}
            question={texts.enableQuestion(selection.size)}
            isBusy={isBusy}
            isDangerous={false}
            onConfirm={() => void run(selection, true)}
          />
          <Button className="button plain" onPress={isBusy ? stop : onClear}>
            {isBusy ? texts.stop : list.unselect}
          </Button>
        </div>
      )}
    </section>
  )
}
