import type { Matcher } from '#shared/contract/notify-config.ts';
import { alertLinks } from '#shared/domain/alert-links.ts';
import { readMatchers, showMatchers } from '#shared/domain/alert-matchers.ts';

/** Address of an alert's page; `since` names one of several alerts of this id that history has. */
export function alertPath(id: string, since?: number): string {
  const path = alertLinks.alert(id);
  return since === undefined ? path : `${path}?since=${since}`;
}

/** Matchers as a person writes them, in Alertmanager's way: `severity="critical", host=~"app-.*"`. */
export function formatMatchers(matchers: readonly Matcher[]): string {
  return matchers.map((matcher) => showMatchers([matcher]).slice(1, -1)).join(', ');
}

/** Reads what {@link formatMatchers} writes, as Alertmanager does; null when it is not that. */
export function parseMatchers(text: string): readonly Matcher[] | null {
  const read = readMatchers(text);
  return 'wrong' in read ? null : read;
}

/** Whether labels satisfy all matchers; expressions are anchored, and a missing label is ''. One that is no expression matches nothing. */
export function matches(matchers: readonly Matcher[], labels: Readonly<Record<string, string>>): boolean {
  return matchers.every(({ name, op, value }) => {
    const own = labels[name] ?? '';
    if (op === '=') return own === value;
    if (op === '!=') return own !== value;
    try {
      return new RegExp(`^(?:${value})$`, 's').test(own) === (op === '=~');
    } catch {
      return false;
    }
  });
}
