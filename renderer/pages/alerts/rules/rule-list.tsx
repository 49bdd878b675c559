import { useMemo, useState } from 'react';
import type { RequestOutput } from '#shared/contract/index.ts';
import type { LiveGroup, LiveRule } from '#shared/contract/rules.ts';
import { Button } from '../../../components/button.tsx';
import { type Column, DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { RelativeTime } from '../../../components/figures.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { relativeText } from '../../../components/time.ts';
import type { RequestState } from '../../../components/use-request.ts';
import { useText } from '../../../components/use-text.ts';
import { useTranslation } from '../../../locales/use-translation.ts';
import { RuleDetails } from './rule-details.tsx';
import { RuleState, standingRank, standingText } from './rule-state.tsx';
import { useRulesAddress } from './rules-address.ts';
import type { RuleTask } from './rules-tab.tsx';

type RuleRow = { readonly key: string; readonly group: LiveGroup; readonly rule: LiveRule };

export type RuleListProps = {
  readonly groups: RequestState<RequestOutput<'rules.groups'>>;
  readonly forms: RequestOutput<'rules.forms.list'>['forms'];
  readonly onTask: (task: RuleTask) => void;
  readonly onChanged: () => void;
};

const rowsOf = (groups: readonly LiveGroup[]): readonly RuleRow[] =>
  groups.flatMap((group) =>
    group.rules.map((rule, index) => ({ key: JSON.stringify([group.file, group.name, index]), group, rule })),
  );

/** Every rule that runs, worst first; opening one shows all that is known of it. */
export function RuleList({ groups, forms, onTask, onChanged }: RuleListProps) {
  const { t } = useTranslation();
  const { rule: wanted, setRule } = useRulesAddress();
  const [opened, setOpened] = useState<string | null>(null);
  const columns = useColumns();
  return (
    <RequestView request={groups} rows={8}>
      {(data) => {
        const all = rowsOf(data.groups);
        const rows = all.filter(({ rule }) => wanted === null || rule.name === wanted);
        const open = all.find(({ key }) => key === opened);
        return (
          <>
            <DataTable
              id="rules"
              label={t('rules:list.label')}
              columns={columns}
              rows={rows}
              rowKey={({ key }) => key}
              total={all.length}
              defaultSort={{ column: 'state', descending: false }}
              onOpen={({ key }) => setOpened(key)}
              toolbar={
                wanted !== null && <Button onClick={() => setRule(null)}>{t('rules:list.showAll')}</Button>
              }
              empty={
                wanted === null ? (
                  <EmptyState
                    title={t('rules:list.empty')}
                    body={t('rules:list.emptyBody')}
                    action={
                      <Button kind="primary" onClick={() => onTask({ what: 'form', file: null })}>
                        {t('rules:newForm')}
                      </Button>
                    }
                  />
                ) : (
                  <EmptyState
                    title={t('rules:list.notFound', { rule: wanted })}
                    action={<Button onClick={() => setRule(null)}>{t('rules:list.showAll')}</Button>}
                  />
                )
              }
            />
            {open && (
              <RuleDetails
                group={open.group}
                rule={open.rule}
                hasForm={forms.some(({ file }) => file === open.group.file)}
                onClose={() => setOpened(null)}
                onChanged={onChanged}
                onTask={(task) => {
                  setOpened(null);
                  onTask(task);
                }}
              />
            )}
          </>
        );
      }}
    </RequestView>
  );
}

/** What the rule looks for where the console knows it in words, and the name that its alerts carry. */
function RuleName({ rule }: { readonly rule: LiveRule }) {
  const text = useText();
  if (!rule.title) return rule.name;
  return (
    <>
      {text(rule.title)} <span className="soft">{rule.name}</span>
    </>
  );
}

function useColumns(): readonly Column<RuleRow>[] {
  const { t } = useTranslation();
  const text = useText();
  return useMemo(
    () => [
      {
        id: 'state',
        title: t('rules:list.state'),
        width: 120,
        text: ({ rule }) => standingText(t, rule),
        render: ({ rule }) => <RuleState rule={rule} />,
        sortBy: ({ rule }) => standingRank(rule),
      },
      {
        id: 'name',
        title: t('rules:list.rule'),
        width: 230,
        text: ({ rule }) => (rule.title ? `${text(rule.title)} ${rule.name}` : rule.name),
        render: ({ rule }) => <RuleName rule={rule} />,
        sortBy: ({ rule }) => (rule.title ? text(rule.title) : rule.name),
      },
      {
        id: 'group',
        title: t('rules:list.group'),
        width: 190,
        text: ({ group }) => `${group.file} / ${group.name}`,
        sortBy: ({ group }) => `${group.file} / ${group.name}`,
      },
      {
        id: 'expr',
        title: t('rules:list.expr'),
        width: 320,
        text: ({ rule }) => rule.expr,
        render: ({ rule }) => (
          <span className="mono" title={rule.expr}>
            {rule.expr}
          </span>
        ),
      },
      {
        id: 'alerts',
        title: t('rules:list.alerts'),
        width: 70,
        align: 'right',
        text: ({ rule }) => (rule.kind === 'recording' ? '' : String(rule.alerts.length)),
        sortBy: ({ rule }) => rule.alerts.length,
      },
      {
        id: 'evaluated',
        title: t('rules:list.evaluated'),
        width: 110,
        text: ({ rule }) =>
          rule.lastEvaluation === null ? '' : relativeText(t, rule.lastEvaluation, Date.now()),
        render: ({ rule }) => <RelativeTime time={rule.lastEvaluation} />,
        sortBy: ({ rule }) => rule.lastEvaluation ?? 0,
      },
      {
        id: 'took',
        title: t('rules:list.took'),
        width: 80,
        align: 'right',
        // Before its first turn there is nothing that took 0 ms.
        text: ({ rule }) =>
          rule.lastEvaluation === null ? '—' : t('common:time.ms', { n: rule.evaluationMs.toFixed(1) }),
        sortBy: ({ rule }) => rule.evaluationMs,
      },
      {
        id: 'error',
        title: t('rules:list.error'),
        width: 220,
        text: ({ rule }) => rule.lastError ?? '',
      },
    ],
    [t, text],
  );
}
