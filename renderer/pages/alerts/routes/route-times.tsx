import { useTranslation } from '../../../locales/use-translation.ts';

export type RouteTimesProps = {
  /** Names of all time intervals. */
  readonly intervals: readonly string[];
  readonly mute: readonly string[];
  readonly active: readonly string[];
  readonly onChange: (times: {
    readonly mute: readonly string[];
    readonly active: readonly string[];
  }) => void;
};

/** In which times a route is mute, or in which alone it is active. */
export function RouteTimes({ intervals, mute, active, onChange }: RouteTimesProps) {
  const { t } = useTranslation();
  if (intervals.length === 0) return <p className="soft">{t('alerts:times.none')}</p>;
  const list = (kind: 'mute' | 'active', chosen: readonly string[]) => (
    <fieldset className="fields">
      <legend>{t(`alerts:times.${kind}`)}</legend>
      {intervals.map((name) => (
        <label key={name} className="row nowrap">
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={(event) => {
              const next = event.target.checked
                ? [...chosen, name]
                : chosen.filter((other) => other !== name);
              onChange({ mute, active, [kind]: next });
            }}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
  return (
    <div className="fields-row">
      {list('mute', mute)}
      {list('active', active)}
    </div>
  );
}
