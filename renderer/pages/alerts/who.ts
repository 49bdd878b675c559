import { create } from 'zustand';

const KEY = 'hmtt.operator';

/** Who works at this workstation: asked for once, offered again with everything that names a person. */
export const useOperator = create<{ readonly name: string }>(() => ({
  name: (localStorage.getItem(KEY) ?? '').slice(0, 80),
}));

/** Remembers who it was. */
export function rememberOperator(name: string): void {
  const known = name.trim().slice(0, 80);
  localStorage.setItem(KEY, known);
  useOperator.setState({ name: known });
}
