import { useState } from 'react';
import { create } from 'zustand';
import { useRequest } from '../../components/use-request.ts';

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

/**
 * The name that a form is signed with: what was typed, else the last one, else who is on call now.
 *
 * @param before the name that stands already in what is changed
 */
export function useWho(before?: string): { readonly by: string; readonly setBy: (name: string) => void } {
  const known = useOperator((state) => state.name);
  const [typed, setTyped] = useState<string | null>(null);
  const onCall = useRequest('shifts.onCall', {}, { enabled: known === '' });
  const proposed = known || (onCall.data?.rotas[0]?.contacts[0]?.name ?? '');
  return { by: typed ?? before ?? proposed, setBy: setTyped };
}
