import type { PlanChange } from '#shared/contract/backup-schedule.ts';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Panel } from '../../components/page-header.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { absoluteText } from '../../components/time.ts';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { useText } from '../../components/use-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { type SettingName, settingNames, settingText } from '../../wizards/backup-plan/changed-settings.ts';

type Row = PlanChange & { readonly key: string };

/** Who changed what in a plan, and when. */
export function PlanHistory({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const text = useText();
  const request = useRequest('backup.plans.history', { name });
  useEvent('backup.changed', request.reload);
  const isSetting = (field: string): field is SettingName => settingNames.some((known) => known === field);
  const words = ({ fields, kind }: PlanChange): string =>
    kind === 'removed'
      ? ''
      : fields
          .flatMap((field) =>
            isSetting(field.name) && (kind === 'changed' || field.name === 'sources')
              ? [
                  kind === 'added'
                    ? settingText(t, text, field.name, field.after)
                    : `${t(`plans:fields.${field.name}`)}：${settingText(t, text, field.name, field.before)} → ${settingText(t, text, field.name, field.after)}`,
                ]
              : [],
          )
          .join('\n');
  const columns: readonly Column<Row>[] = [
    { id: 'at', title: t('plans:history.at'), width: 170, text: (change) => absoluteText(change.at) },
    { id: 'who', title: t('plans:history.who'), width: 110, text: (change) => change.who },
    {
      id: 'kind',
      title: t('plans:history.kind'),
      width: 80,
      text: (change) => t(`plans:history.kinds.${change.kind}`),
    },
    {
      id: 'what',
      title: t('plans:history.what'),
      width: 620,
      text: words,
      render: (change) => (
        <span className="change-words" data-verbatim title={words(change)}>
          {words(change)}
        </span>
      ),
    },
  ];
  return (
    <Panel title={t('plans:history.title')}>
      <RequestView request={request} rows={3}>
        {({ changes }) => (
          <DataTable
            id="plan-history"
            label={t('plans:history.label', { plan: name })}
            columns={columns}
            rows={changes.map((change, index): Row => ({ ...change, key: String(index) }))}
            rowKey={(change) => change.key}
            maxHeight={260}
            empty={<EmptyState title={t('plans:history.none')} />}
          />
        )}
      </RequestView>
    </Panel>
  );
}
