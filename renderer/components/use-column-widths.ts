import { useCallback, useMemo, useState } from 'react';

/** Widths of a table's columns in pixels, kept in the window's storage. */
export type ColumnWidths = {
  readonly of: (column: string) => number;
  readonly set: (column: string, width: number) => void;
  readonly reset: (column: string) => void;
  readonly sum: number;
};

const MIN = 40;
const MAX = 1200;

function readKept(key: string): Readonly<Record<string, number>> {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    return Object.fromEntries(
      Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    );
  } catch {
    return {};
  }
}

/** The widths of a table's columns, as the operator left them. */
export function useColumnWidths(
  tableId: string,
  columns: readonly { readonly id: string; readonly width: number }[],
): ColumnWidths {
  const key = `hmtt.columns.${tableId}`;
  const [kept, setKept] = useState(() => readKept(key));
  const change = useCallback(
    (edit: (old: Readonly<Record<string, number>>) => Readonly<Record<string, number>>) => {
      setKept((old) => {
        const next = edit(old);
        localStorage.setItem(key, JSON.stringify(next));
        return next;
      });
    },
    [key],
  );
  return useMemo(() => {
    const of = (id: string): number => kept[id] ?? columns.find((column) => column.id === id)?.width ?? 120;
    return {
      of,
      set: (id, width) =>
        change((old) => ({ ...old, [id]: Math.round(Math.max(MIN, Math.min(MAX, width))) })),
      reset: (id) => change((old) => Object.fromEntries(Object.entries(old).filter(([name]) => name !== id))),
      sum: columns.reduce((total, column) => total + of(column.id), 0),
    };
  }, [kept, columns, change]);
}
