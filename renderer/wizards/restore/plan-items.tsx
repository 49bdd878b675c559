import { useMemo, useState } from 'react';
import type { RestoreAction, RestoreItem, RestorePlan } from '#shared/contract/restore.ts';
import { formatBytes } from '#shared/units/bytes.ts';
import { Button } from '../../components/button.tsx';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { RequestView } from '../../components/request-view.tsx';
import { useRequest } from '../../components/use-request.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import { PathText } from '../path-text.tsx';
import { shownActions } from './preview-step.tsx';

const PAGE = 200;

/** The plan file by file, a page at a time: what happens to each, where, and why. */
export function PlanItems({ plan }: { readonly plan: RestorePlan }) {
  const { t } = useTranslation();
  const [action, setAction] = useState<RestoreAction | null>(null);
  const [offset, setOffset] = useState(0);
  const request = useRequest('restore.plan.items', {
    planId: plan.id,
    offset,
    limit: PAGE,
    ...(action === null ? {} : { action }),
  });
  const columns = useColumns();
  const choose = (next: RestoreAction | null): void => {
    setAction(next);
    setOffset(0);
  };
  return (
    <section className="stack-small" aria-label={t('recovery:wizard.preview.items')}>
      <div className="row">
        <h3>{t('recovery:wizard.preview.items')}</h3>
        <Button className="chip" aria-pressed={action === null} onClick={() => choose(null)}>
          {t('recovery:wizard.preview.all')}
        </Button>
        {shownActions(plan).map((name) => (
          <Button key={name} className="chip" aria-pressed={action === name} onClick={() => choose(name)}>
            {t(`recovery:wizard.preview.action.${name}`)}
          </Button>
        ))}
      </div>
      <RequestView request={request} rows={6}>
        {({ items, total }) => (
          <>
            <DataTable
              id="restore-items"
              label={t('recovery:wizard.preview.items')}
              columns={columns}
              rows={items}
              rowKey={(item) => item.path}
              total={total}
              maxHeight={260}
              bare
              empty={<p className="soft">{t('common:table.noMatch')}</p>}
            />
            <div className="row">
              <span className="soft figure" role="status">
                {t('recovery:wizard.preview.shown', {
                  from: (items.length === 0 ? 0 : offset + 1).toLocaleString('en-US'),
                  to: (offset + items.length).toLocaleString('en-US'),
                  total: total.toLocaleString('en-US'),
                })}
              </span>
              <span className="spacer" />
              <Button disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - PAGE))}>
                {t('recovery:wizard.preview.previous')}
              </Button>
              <Button disabled={offset + PAGE >= total} onClick={() => setOffset(offset + PAGE)}>
                {t('recovery:wizard.preview.next')}
              </Button>
            </div>
          </>
        )}
      </RequestView>
    </section>
  );
}

function useColumns(): readonly Column<RestoreItem>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        id: 'action',
        title: t('recovery:wizard.preview.what'),
        width: 70,
        text: (item) => t(`recovery:wizard.preview.action.${item.action}`),
        render: (item) => (
          <span className={`action action-${item.action}`}>
            {t(`recovery:wizard.preview.action.${item.action}`)}
          </span>
        ),
      },
      {
        id: 'reason',
        title: t('recovery:wizard.preview.reason'),
        width: 130,
        text: (item) => t(`recovery:wizard.preview.reasons.${item.reason}`),
      },
      {
        id: 'target',
        title: t('recovery:wizard.preview.to'),
        width: 420,
        text: (item) => item.target,
        render: (item) => <PathText path={item.target} />,
      },
      {
        id: 'type',
        title: t('backups:browse.type'),
        width: 80,
        text: (item) => entryTypeText(t, item.type),
      },
      {
        id: 'size',
        title: t('recovery:wizard.preview.size'),
        width: 90,
        align: 'right',
        text: (item) => formatBytes(item.size),
      },
    ],
    [t],
  );
}

const entryTypes = ['file', 'directory', 'symlink', 'hardlink', 'fifo', 'socket', 'device'] as const;

function entryTypeText(t: ReturnType<typeof useTranslation>['t'], type: string): string {
  const known = entryTypes.find((name) => name === type);
  return known ? t(`backups:browse.entryType.${known}`) : type;
}
