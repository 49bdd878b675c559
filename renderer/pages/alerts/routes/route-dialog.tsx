import { useState } from 'react';
import type { ConfigProblem } from '#shared/contract/notify.ts';
import type { NotifyConfig, Route } from '#shared/contract/notify-config.ts';
import type { Result } from '#shared/errors/index.ts';
import { Overlay } from '../../../components/drawer.tsx';
import { SelectField } from '../../../components/select-field.tsx';
import { TextField } from '../../../components/text-field.tsx';
import { useTranslation } from '../../../locales/use-translation.ts';
import { DurationSelect } from '../../../wizards/duration-select.tsx';
import { MatcherFields } from '../silences/matcher-fields.tsx';
import { usable } from '../silences/silence-draft.ts';
import { ConfigDialogFoot, useConfigSaving } from './config-saving.tsx';
import { EscalationFields } from './escalation-fields.tsx';
import { RouteTimes } from './route-times.tsx';
import { effectiveRoutes, emptyRoute, type RoutePath, routeNumber } from './route-tree.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 3_600_000;

export type RouteDialogProps = {
  readonly config: NotifyConfig;
  /** Null: a new one. */
  readonly path: RoutePath | null;
  readonly onClose: () => void;
  readonly onSave: (route: Route) => Promise<Result<readonly ConfigProblem[]>>;
};

/** Writes one route. What is left open is taken over from the route above. */
export function RouteDialog({ config, path, onClose, onSave }: RouteDialogProps) {
  const { t } = useTranslation();
  const number = path === null ? null : routeNumber(path);
  const before = effectiveRoutes(config).find(
    (one) => number !== null && routeNumber(one.path) === number,
  )?.route;
  const isRoot = path?.length === 0;
  const [route, setRoute] = useState<Route>(
    before ?? { ...emptyRoute, matchers: [{ name: 'severity', op: '=', value: 'critical' }] },
  );
  const [groupBy, setGroupBy] = useState(route.groupBy?.join(', ') ?? '');
  const saving = useConfigSaving(onClose);
  const set = (part: Partial<Route>): void => setRoute({ ...route, ...part });
  const save = (): void => {
    const labels = groupBy.split(/[\s,，]+/).filter(Boolean);
    const made: Route = {
      ...route,
      matchers: usable(route.matchers),
      groupBy: groupBy.trim() === '' && !isRoot ? null : labels,
    };
    void saving.run(onSave(made));
  };
  const asAbove = t(isRoot ? 'alerts:routes.usual' : 'alerts:routes.asAbove');
  return (
    <Overlay
      kind="dialog"
      title={t(path === null ? 'alerts:routes.new' : isRoot ? 'alerts:routes.rest' : 'alerts:routes.change')}
      onClose={onClose}
    >
      <form
        className="stack-small"
        data-testid="route-form"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        {!isRoot && <MatcherFields matchers={route.matchers} onChange={(matchers) => set({ matchers })} />}
        <div className="fields-row">
          <SelectField
            label={t('alerts:routes.receiver')}
            name="receiver"
            value={route.receiver}
            options={[
              ...(isRoot ? [] : [[null, asAbove] as const]),
              ...config.receivers.map(({ name }) => [name, name] as const),
            ]}
            onChange={(receiver) => set({ receiver })}
          />
          <TextField
            label={t('alerts:routes.titleOf')}
            hint={t('alerts:routes.titleHint')}
            maxLength={200}
            value={route.title}
            onChange={(value) => set({ title: value })}
          />
        </div>
        <div className="fields-row">
          <DurationSelect
            label={t('alerts:routes.wait')}
            usual={[0, 10 * SECOND, 30 * SECOND, MINUTE, 5 * MINUTE]}
            none={asAbove}
            value={route.groupWaitMs}
            onChange={(groupWaitMs) => set({ groupWaitMs })}
          />
          <DurationSelect
            label={t('alerts:routes.interval')}
            usual={[MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR]}
            none={asAbove}
            value={route.groupIntervalMs}
            onChange={(groupIntervalMs) => set({ groupIntervalMs })}
          />
          <DurationSelect
            label={t('alerts:routes.repeat')}
            usual={[HOUR, 4 * HOUR, 12 * HOUR, 24 * HOUR]}
            none={asAbove}
            value={route.repeatIntervalMs}
            onChange={(repeatIntervalMs) => set({ repeatIntervalMs })}
          />
        </div>
        <TextField
          label={t('alerts:routes.groupBy')}
          hint={t('alerts:routes.groupByHint')}
          mono
          value={groupBy}
          onChange={setGroupBy}
        />
        <EscalationFields
          steps={route.escalation}
          receivers={config.receivers.map(({ name }) => name)}
          inherits={!isRoot}
          onChange={(escalation) => set({ escalation })}
        />
        {!isRoot && (
          <RouteTimes
            intervals={config.timeIntervals.map(({ name }) => name)}
            mute={route.muteTimes}
            active={route.activeTimes}
            onChange={({ mute, active }) => set({ muteTimes: mute, activeTimes: active })}
          />
        )}
        {!isRoot && (
          <label className="row">
            <input
              type="checkbox"
              checked={route.continue}
              onChange={(event) => set({ continue: event.target.checked })}
            />
            {t('alerts:routes.continue')}
          </label>
        )}
        <ConfigDialogFoot saving={saving} onClose={onClose} />
      </form>
    </Overlay>
  );
}
