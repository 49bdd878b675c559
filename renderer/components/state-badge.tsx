import { useTranslation } from '../locales/use-translation.ts';

/** Every state that has a colour, a shape and a word. */
export type StateName =
  | 'up'
  | 'down'
  | 'unreachable'
  | 'not_watched'
  | 'ok'
  | 'warning'
  | 'critical'
  | 'info'
  | 'unknown';

/** The shape of a state, told apart without colour: disc, square, diamond, dashed ring, triangle, ring. */
export function StateShape({ state, size = 12 }: { readonly state: StateName; readonly size?: number }) {
  return (
    <svg className={`shape shape-${state}`} width={size} height={size} viewBox="0 0 12 12" aria-hidden="true">
      {shapeOf(state)}
    </svg>
  );
}

function shapeOf(state: StateName) {
  switch (state) {
    case 'up':
    case 'ok':
      return <circle cx="6" cy="6" r="4.5" fill="currentColor" />;
    case 'down':
    case 'critical':
      return <rect x="1.5" y="1.5" width="9" height="9" fill="currentColor" />;
    case 'unreachable':
      return <path d="M6 .5 11.5 6 6 11.5.5 6Z" fill="currentColor" />;
    case 'warning':
      return <path d="M6 1 11.5 11H.5Z" fill="currentColor" />;
    case 'not_watched':
      return (
        <circle
          cx="6"
          cy="6"
          r="4.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
          strokeDasharray="2.4 2.3"
        />
      );
    case 'info':
    case 'unknown':
      return <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="2" />;
  }
}

/** A longer text is a sentence, which may take several lines; a state's word never does. */
const LONGEST_WORD = 24;

/** A state as shape, colour and word; `word` replaces the usual word. */
export function StateBadge({ state, word }: { readonly state: StateName; readonly word?: string }) {
  const { t } = useTranslation();
  const text = word ?? t(`common:state.${state}`);
  return (
    <span className={`badge state-${state} ${text.length > LONGEST_WORD ? 'badge-sentence' : ''}`}>
      <StateShape state={state} />
      <span>{text}</span>
    </span>
  );
}
