import { useState } from 'react';
import type { ConfigProblem } from '#shared/contract/notify.ts';
import type { NotifyConfig } from '#shared/contract/notify-config.ts';
import type { AppError } from '#shared/errors/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNotice } from '../../../components/error-notice.tsx';
import { Panel } from '../../../components/page-header.tsx';
import { RequestView } from '../../../components/request-view.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { ConfigProblems } from './config-problems.tsx';
import { ImportDialog } from './import-dialog.tsx';
import { ReceiversPanel } from './receivers-panel.tsx';
import { RouteDialog } from './route-dialog.tsx';
import { RouteList } from './route-list.tsx';
import { RouteTester } from './route-tester.tsx';
import { addRoute, changeRoute, emptyRoute, type RoutePath } from './route-tree.ts';
import { RulesPanel } from './rules-panel.tsx';
import { useConfig, useNames } from './use-config.ts';

/** Who is told of what: every route as a sentence, in the order they are tried. */
export function RoutesTab() {
  const { request, save } = useConfig();
  return (
    <RequestView request={request} rows={8}>
      {({ config }) => <Routes config={config} save={save} reload={request.reload} />}
    </RequestView>
  );
}

/** What floats: a route that is changed, or a new one below a route. */
type Editing = { readonly path: RoutePath; readonly isNew: boolean };

function Routes({
  config,
  save,
  reload,
}: {
  readonly config: NotifyConfig;
  readonly save: ReturnType<typeof useConfig>['save'];
  readonly reload: () => void;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const [editing, setEditing] = useState<Editing | null>(null);
  const [importing, setImporting] = useState(false);
  const [problems, setProblems] = useState<readonly ConfigProblem[]>([]);
  const [error, setError] = useState<AppError | null>(null);
  const put = async (next: NotifyConfig): Promise<boolean> => {
    const answer = await save(next);
    setError(answer.ok ? null : answer.error);
    setProblems(answer.ok ? answer.value : []);
    return answer.ok && answer.value.length === 0;
  };
  return (
    <>
      {error && <ErrorNotice error={error} onRetry={reload} />}
      <ConfigProblems problems={problems} />
      <Panel
        title={t('alerts:routes.title')}
        extra={
          <span className="row">
            <Button onClick={() => setImporting(true)}>{t('alerts:import.open')}</Button>
            <Button kind="primary" onClick={() => setEditing({ path: [], isNew: true })}>
              {t('alerts:routes.new')}
            </Button>
          </span>
        }
      >
        <RouteList
          config={config}
          names={names}
          onEdit={(path) => setEditing({ path, isNew: false })}
          onAdd={(path) => setEditing({ path, isNew: true })}
          onChange={(route) => void put({ ...config, route })}
        />
      </Panel>
      <RouteTester config={config} names={names} />
      <div className="alert-columns even">
        <ReceiversPanel config={config} names={names} save={save} />
        <RulesPanel config={config} save={save} />
      </div>
      {editing && (
        <RouteDialog
          config={config}
          path={editing.isNew ? null : editing.path}
          onClose={() => setEditing(null)}
          onSave={(route) =>
            save({
              ...config,
              route: editing.isNew
                ? addRoute(config.route, editing.path, { ...emptyRoute, ...route })
                : changeRoute(config.route, editing.path, () => route),
            })
          }
        />
      )}
      {importing && (
        <ImportDialog
          onClose={() => setImporting(false)}
          onDone={() => {
            setImporting(false);
            reload();
          }}
        />
      )}
    </>
  );
}
