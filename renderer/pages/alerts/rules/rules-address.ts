import { useSearchParams } from 'react-router';

/** The views of the rules tab; the first is the one without a word in the address. */
export const ruleViews = ['list', 'files', 'starter', 'slo'] as const;
export type RuleView = (typeof ruleViews)[number];

/** What the address says: `view=starter`, `rule=NAME` (only rules of that name). */
export function useRulesAddress() {
  const [params, setParams] = useSearchParams();
  const set = (key: 'view' | 'rule', value: string | null): void =>
    setParams((old) => {
      const next = new URLSearchParams(old);
      if (key === 'view') next.delete('rule');
      if (value === null || value === 'list') next.delete(key);
      else next.set(key, value);
      return next;
    });
  return {
    view: ruleViews.find((known) => known === params.get('view')) ?? ('list' as const),
    rule: params.get('rule'),
    setView: (view: RuleView) => set('view', view),
    setRule: (rule: string | null) => set('rule', rule),
  };
}
