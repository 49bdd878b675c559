import { useState } from 'react';
import type { DrillPlan } from '#shared/contract/recovery-drills.ts';
import { Button } from '../../../components/button.tsx';
import { Overlay } from '../../../components/drawer.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { absoluteText } from '../../../components/time.ts';
import { useRequest } from '../../../components/use-request.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { FolderField } from '../../../wizards/folder-field.tsx';
import { useSaveAction } from './save-action.ts';

const CHECK_SECONDS = 60;

function wholeOrNull(text: string): number | null {
  const value = Number(text);
  return text.trim() !== '' && Number.isInteger(value) && value > 0 ? value : null;
}

/** When and how a plan is drilled. */
export function DrillSettings({
  plan,
  rule,
  onClose,
}: {
  readonly plan: string;
  readonly rule: DrillPlan | null;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const save = useSaveAction();
  const [schedule, setSchedule] = useState(rule?.schedule ?? '');
  const [everyDays, setEveryDays] = useState(rule?.everyDays == null ? '' : String(rule.everyDays));
  const [scratchDir, setScratchDir] = useState(rule?.scratchDir ?? '');
  const [command, setCommand] = useState(rule?.appCheck?.command ?? '');
  const [seconds, setSeconds] = useState(String((rule?.appCheck?.timeoutMs ?? CHECK_SECONDS * 1000) / 1000));
  const preview = useRequest(
    'recovery.drills.preview',
    { schedule: schedule.trim() },
    { enabled: schedule.trim() !== '', subject: schedule },
  );
  const submit = (): void => {
    void save.run(
      'recovery.drillPlans.set',
      {
        plan,
        schedule: schedule.trim() === '' ? null : schedule.trim(),
        everyDays: wholeOrNull(everyDays),
        scratchDir: scratchDir === '' ? null : scratchDir,
        appCheck:
          command.trim() === ''
            ? null
            : { command: command.trim(), timeoutMs: (wholeOrNull(seconds) ?? CHECK_SECONDS) * 1000 },
      },
      onClose,
    );
  };
  const times = preview.data?.next.map((at) => absoluteText(at)).join('  ') ?? '';
  return (
    <Overlay kind="dialog" title={t('recovery:disaster.drills.settingsOf', { plan })} onClose={onClose}>
      <form
        className="fields"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TextField
          label={t('recovery:disaster.drills.schedule')}
          hint={
            times === ''
              ? t('recovery:disaster.drills.scheduleHint')
              : t('recovery:disaster.drills.next', { times })
          }
          mono
          autoFocus
          maxLength={200}
          value={schedule}
          onChange={setSchedule}
        />
        {preview.error && <ErrorNotice error={preview.error} />}
        <TextField
          label={t('recovery:disaster.drills.everyDays')}
          hint={t('recovery:disaster.drills.everyDaysHint')}
          inputMode="numeric"
          value={everyDays}
          onChange={setEveryDays}
        />
        <FolderField
          label={t('recovery:disaster.drills.scratch')}
          hint={t('recovery:disaster.drills.scratchHint')}
          chooseLabel={t('recovery:disaster.drills.choose')}
          value={scratchDir}
          placeholder=""
          onChange={setScratchDir}
        />
        <TextField
          label={t('recovery:disaster.drills.check')}
          hint={t('recovery:disaster.drills.checkHint')}
          mono
          maxLength={4096}
          value={command}
          onChange={setCommand}
        />
        {command.trim() !== '' && (
          <TextField
            label={t('recovery:disaster.drills.checkSeconds')}
            inputMode="numeric"
            value={seconds}
            onChange={setSeconds}
          />
        )}
        {save.error && <ErrorNotice error={save.error} />}
        <div className="row">
          <Button kind="primary" type="submit" disabled={save.busy}>
            {t('recovery:disaster.save')}
          </Button>
          <Button onClick={onClose}>{t('recovery:disaster.cancel')}</Button>
        </div>
      </form>
    </Overlay>
  );
}
