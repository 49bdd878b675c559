import { StateShape } from '../components/state-badge.tsx';
import { useTranslation } from '../locales/use-translation.ts';
import { type Tint, tintStyle } from './tint.ts';

export type TintMarkProps = {
  readonly tint: Tint;
  readonly size: number;
  /** True leaves the word away, where it stands beside the mark already. */
  readonly silent?: boolean;
};

/** The shape and word of a value's state, so that its colour is never the only mark; nothing where it has none. */
export function TintMark({ tint, size, silent = false }: TintMarkProps) {
  const { t } = useTranslation();
  const { state } = tint;
  if (state === null) return null;
  return (
    <span className="tint-mark" {...tintStyle(tint)}>
      <StateShape state={state} size={size} />
      {!silent && <span className="visually-hidden">{t(`common:state.${state}`)} </span>}
    </span>
  );
}
