import type { ComponentType } from 'react';
import { useSearchParams } from 'react-router';
import { Button } from '../../components/button.tsx';

export type ViewSwitchProps<V extends string> = {
  readonly label: string;
  /** The first one is shown when the address names none. */
  readonly views: Readonly<Record<V, ComponentType>>;
  readonly title: (view: V) => string;
  /** Parts of the address that belong to a view and go with it. */
  readonly forget?: readonly string[];
};

/** Views of one tab; which one is shown stands in the address. */
export function ViewSwitch<V extends string>({ label, views, title, forget = [] }: ViewSwitchProps<V>) {
  const [params, setParams] = useSearchParams();
  const names = Object.keys(views) as V[];
  const [first] = names;
  const view = names.find((known) => known === params.get('view')) ?? first;
  if (view === undefined) return null;
  const Shown: ComponentType = views[view];
  return (
    <div className="logs-view scrolling">
      <fieldset className="segmented" aria-label={label}>
        {names.map((name) => (
          <Button
            key={name}
            aria-pressed={name === view}
            onClick={() =>
              setParams((old) => {
                const next = new URLSearchParams(old);
                if (name === first) next.delete('view');
                else next.set('view', name);
                for (const part of forget) next.delete(part);
                return next;
              })
            }
          >
            {title(name)}
          </Button>
        ))}
      </fieldset>
      <Shown />
    </div>
  );
}
