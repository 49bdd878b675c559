import { useState } from 'react';
import { type DashboardReport, dashboardReportSchema } from '#shared/contract/dashboard-reports.ts';
import type { DashboardSummary } from '#shared/contract/dashboards.ts';
import { localize } from '#shared/domain/dashboard/text.ts';
import { cronText } from '#shared/domain/schedule/cron-sentence.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Overlay } from '../../../components/drawer.tsx';
import { SaveFoot } from '../../../components/save-foot.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { durationText } from '../../../components/time.ts';
import { useCall } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { fromCron, ofKind, toCron } from '../../../wizards/backup-plan/schedule.ts';
import { ScheduleFields } from '../../../wizards/backup-plan/schedule-fields.tsx';
import { FolderField } from '../../../wizards/folder-field.tsx';
import { NumberField } from '../edit/field-inputs.tsx';

type ReportDialogProps = {
  /** Null: a new one. */
  readonly report: DashboardReport | null;
  readonly dashboards: readonly DashboardSummary[];
  readonly onSaved: () => void;
  readonly onClose: () => void;
};

const HOUR = 3_600_000;
const SPANS = { 'now-24h': 24 * HOUR, 'now-7d': 168 * HOUR, 'now-30d': 720 * HOUR } as const;
const KINDS = ['daily', 'weekly', 'cron'] as const;

/** Each morning at seven, the last day. */
function newReport(language: DashboardReport['language']): DashboardReport {
  return {
    id: '',
    name: '',
    enabled: true,
    cron: '0 7 * * *',
    dashboards: [],
    from: 'now-24h',
    to: 'now',
    language,
    folder: '',
    keep: 30,
  };
}

/** Which dashboards are saved as PDF, when, and where. */
export function ReportDialog({ report, dashboards, onSaved, onClose }: ReportDialogProps) {
  const { t, i18n } = useTranslation();
  const text = useText();
  const call = useCall();
  const language = i18n.language === 'en' ? 'en' : 'zh-CN';
  const [draft, setDraft] = useState(() => report ?? newReport(language));
  const [error, setError] = useState<AppError | null>(null);
  const choice = fromCron(draft.cron);
  const set = (change: Partial<DashboardReport>): void => setDraft((old) => ({ ...old, ...change }));
  const isReady = dashboardReportSchema.safeParse({
    ...draft,
    id: draft.id === '' ? 'new' : draft.id,
  }).success;
  const save = async (): Promise<void> => {
    const answer = await call('dashboards.reports.put', draft);
    if (answer.ok) {
      onSaved();
      onClose();
    } else setError(answer.error);
  };
  const toggle = (uid: string, isChosen: boolean): void => {
    const others = draft.dashboards.filter((one) => one.uid !== uid);
    set({ dashboards: isChosen ? [...others, { uid, variables: {} }] : others });
  };
  return (
    <Overlay kind="dialog" title={t('reports:dialog')} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void save();
        }}
      >
        <TextField
          label={t('reports:name')}
          maxLength={100}
          value={draft.name}
          onChange={(value) => set({ name: value })}
        />
        <fieldset className="fields">
          <legend>{t('reports:boards')}</legend>
          {dashboards.map(({ uid, title }) => (
            <label key={uid} className="row">
              <input
                type="checkbox"
                checked={draft.dashboards.some((one) => one.uid === uid)}
                onChange={(event) => toggle(uid, event.target.checked)}
              />
              {localize(title, language === 'en' ? 'en' : 'zh')}
            </label>
          ))}
        </fieldset>
        <div className="field-row">
          <SelectField
            label={t('reports:when')}
            hint={text(cronText(draft.cron))}
            value={choice.kind}
            options={[...new Set([...KINDS, choice.kind])].map((kind) => [
              kind,
              t(`backups:wizard.kind.${kind}`),
            ])}
            onChange={(kind) => set({ cron: toCron(ofKind(kind, choice)) })}
          />
          <ScheduleFields schedule={choice} set={(next) => set({ cron: toCron(next) })} />
        </div>
        <div className="field-row">
          <SelectField
            label={t('reports:span')}
            value={draft.from}
            options={[
              ...Object.entries(SPANS).map(
                ([from, ms]) => [from, t('reports:last', { time: durationText(t, ms) })] as const,
              ),
              ...(!(draft.from in SPANS) ? [[draft.from, draft.from] as const] : []),
            ]}
            onChange={(from) => set({ from, to: 'now' })}
          />
          <SelectField
            label={t('reports:language')}
            value={draft.language}
            options={[
              ['zh-CN', t('reports:chinese')],
              ['en', t('reports:english')],
            ]}
            onChange={(language) => set({ language })}
          />
          <NumberField
            label={t('reports:keep')}
            value={draft.keep}
            min={1}
            max={1_000}
            whole
            nullable={false}
            onChange={(keep) => set({ keep: keep ?? 30 })}
          />
        </div>
        <FolderField
          label={t('reports:folder')}
          hint={t('reports:folderHint')}
          chooseLabel={t('reports:choose')}
          value={draft.folder}
          placeholder="/srv/reports"
          onChange={(folder) => set({ folder })}
        />
        <label className="row">
          <input
            type="checkbox"
            checked={draft.enabled}
            onChange={(event) => set({ enabled: event.target.checked })}
          />
          {t('reports:enabled')}
        </label>
        <SaveFoot error={error} canSave={isReady} onClose={onClose} />
      </form>
    </Overlay>
  );
}
