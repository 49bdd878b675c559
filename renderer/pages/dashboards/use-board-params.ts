import { useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { ChosenValues } from '#shared/contract/dashboards.ts';

/** What the address says of a dashboard, and what changes it. The time range is the frame's. */
export type BoardParams = {
  readonly chosen: ChosenValues;
  /** Key of the panel that is shown alone; null for all. */
  readonly full: string | null;
  readonly editing: boolean;
  /** The panel whose editor is open; null for none. */
  readonly panel: number | null;
  /** Rows that were folded or unfolded against what the dashboard says, by their key. */
  readonly turned: ReadonlySet<string>;
  /** Places of the annotations that are switched off or on against what the dashboard says. */
  readonly switched: ReadonlySet<number>;
  /** An earlier version that is looked at. */
  readonly version: number | null;
  readonly choose: (name: string, values: readonly string[]) => void;
  readonly setFull: (key: string | null) => void;
  readonly setEditing: (editing: boolean) => void;
  readonly setPanel: (id: number | null) => void;
  readonly turn: (key: string) => void;
  readonly switchMarks: (place: number) => void;
  readonly setVersion: (version: number | null) => void;
};

const VARIABLE = 'var-';

/** The values that an address chooses: `var-host=a&var-host=b`. */
export function chosenOf(params: URLSearchParams): ChosenValues {
  const chosen: Record<string, string[]> = {};
  for (const [key, value] of params) {
    if (!key.startsWith(VARIABLE)) continue;
    const name = key.slice(VARIABLE.length);
    chosen[name] = [...(chosen[name] ?? []), value];
  }
  return chosen;
}

function numberOf(text: string | null): number | null {
  const value = Number(text);
  return text !== null && Number.isSafeInteger(value) && value > 0 ? value : null;
}

/** A list in the address with one entry put in, or taken out when it is there. */
function toggled(params: URLSearchParams, key: string, value: string): URLSearchParams {
  const next = new URLSearchParams(params);
  const all = next.getAll(key);
  next.delete(key);
  for (const one of all) if (one !== value) next.append(key, one);
  if (!all.includes(value)) next.append(key, value);
  return next;
}

/** The state of a dashboard's page, which lives in the address. */
export function useBoardParams(): BoardParams {
  const [params, setParams] = useSearchParams();
  return useMemo(() => {
    const set = (key: string, value: string | null): void =>
      setParams((old) => {
        const next = new URLSearchParams(old);
        if (value === null) next.delete(key);
        else next.set(key, value);
        return next;
      });
    return {
      chosen: chosenOf(params),
      full: params.get('full'),
      editing: params.get('edit') === '1',
      panel: numberOf(params.get('panel')),
      turned: new Set(params.getAll('turned')),
      switched: new Set(params.getAll('marks').map(Number)),
      version: numberOf(params.get('version')),
      choose: (name, values) =>
        setParams((old) => {
          const next = new URLSearchParams(old);
          next.delete(`${VARIABLE}${name}`);
          for (const value of values) next.append(`${VARIABLE}${name}`, value);
          return next;
        }),
      setFull: (key) => set('full', key),
      setEditing: (editing) => {
        setParams((old) => {
          const next = new URLSearchParams(old);
          for (const key of ['edit', 'panel', 'full', 'version']) next.delete(key);
          if (editing) next.set('edit', '1');
          return next;
        });
      },
      setPanel: (id) => set('panel', id === null ? null : String(id)),
      turn: (key) => setParams((old) => toggled(old, 'turned', key), { replace: true }),
      switchMarks: (place) => setParams((old) => toggled(old, 'marks', String(place)), { replace: true }),
      setVersion: (version) => set('version', version === null ? null : String(version)),
    };
  }, [params, setParams]);
}
