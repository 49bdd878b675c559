import type { CheckView } from '#shared/contract/checks.ts';
import type { SecretsStatus } from '#shared/contract/secrets.ts';

/** The secrets that a check may name, those that checks of its host use first. */
export type SecretChoices = {
  readonly ofHost: readonly string[];
  readonly others: readonly string[];
  /** True when the name that is set stands for no secret that there is. */
  readonly isMissing: boolean;
};

/** The names of secrets that a check uses. */
function namesIn({ what }: Pick<CheckView, 'what'>): readonly (string | null)[] {
  return [
    'password' in what ? what.password : null,
    'bearer' in what ? what.bearer : null,
    'psk' in what && what.psk !== null ? what.psk.key : null,
  ];
}

/** @param checks those of the host; @param value the name that is set, or '' */
export function secretChoices(
  secrets: SecretsStatus['secrets'],
  checks: readonly Pick<CheckView, 'what'>[],
  value: string,
): SecretChoices {
  const names = secrets.filter(({ area }) => area === 'named').map(({ field }) => field);
  const used = new Set(checks.flatMap(namesIn));
  return {
    ofHost: names.filter((name) => used.has(name)),
    others: names.filter((name) => !used.has(name)),
    isMissing: value !== '' && !names.includes(value),
  };
}

/** A name for a new secret that is not taken, like `app-1.password`. */
export function newSecretName(host: string, field: string, taken: readonly string[]): string {
  const base = `${host.replace(/[^A-Za-z0-9_.@-]/g, '-').replace(/^[^A-Za-z0-9_]+/, '')}.${field}`.slice(-90);
  const first = /^[A-Za-z0-9_]/.test(base) ? base : `x${base}`;
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? first : `${first}-${n}`;
    if (!taken.includes(name)) return name;
  }
}
