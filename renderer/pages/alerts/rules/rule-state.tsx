import type { LiveRule } from '#shared/contract/rules.ts';
import { StateBadge, type StateName } from '../../../components/state-badge.tsx';
import { type TextKey, type Translate, useTranslation } from '../../../locales/use-translation.ts';

/** How a rule stands, worst first: what it cannot see comes before what it sees. */
const ORDER = ['error', 'firing', 'stale', 'noData', 'pending', 'unknown', 'inactive', 'recording'] as const;
type Standing = (typeof ORDER)[number];

const SHAPES: Readonly<Record<Standing, StateName>> = {
  error: 'critical',
  firing: 'critical',
  stale: 'warning',
  noData: 'unknown',
  pending: 'warning',
  unknown: 'unknown',
  inactive: 'ok',
  recording: 'ok',
};

/** The one word that says most about a rule now. */
function standingOf({ kind, health, state, sight }: LiveRule): Standing {
  if (health === 'err') return 'error';
  if (state === 'firing') return 'firing';
  if (sight?.state === 'stale') return 'stale';
  if (sight?.state === 'no_data') return 'noData';
  if (health === 'unknown') return 'unknown';
  if (kind === 'recording') return 'recording';
  return state;
}

/** For sorting: the lower, the worse. */
export function standingRank(rule: LiveRule): number {
  return ORDER.indexOf(standingOf(rule));
}

const KEYS: Readonly<Record<Standing, TextKey>> = {
  error: 'rules:state.error',
  firing: 'rules:state.firing',
  stale: 'rules:state.stale',
  noData: 'rules:state.noData',
  pending: 'rules:state.pending',
  unknown: 'rules:state.unknown',
  inactive: 'rules:state.inactive',
  recording: 'rules:state.recording',
};

/** The word of a rule's standing. */
export function standingText(t: Translate, rule: LiveRule): string {
  return t(KEYS[standingOf(rule)]);
}

/** The standing as shape, colour and word. */
export function RuleState({ rule }: { readonly rule: LiveRule }) {
  const { t } = useTranslation();
  return <StateBadge state={SHAPES[standingOf(rule)]} word={standingText(t, rule)} />;
}
