import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { Button } from '../../components/button.tsx';
import { copyText, saveText } from '../../components/save-text.ts';
import { useTranslation } from '../../locales/use-translation.ts';
import type { ContextSide } from './use-further.ts';

/** Lines on each side at first, and with each further step. */
export const CONTEXT_FIRST = 10;
export const CONTEXT_STEP = 50;
/** Lines that are held on one side. */
const CONTEXT_MOST = 1_000;

export type ContextPaneProps = {
  /** What the lines stand around: with another one the list begins anew, that one in the middle. */
  readonly subject: string;
  readonly label: string;
  /** Names of all lines, oldest first. */
  readonly keys: readonly string[];
  /** Which of them is in the middle; -1 when it is not among them. */
  readonly here: number;
  readonly isMixed?: boolean;
  readonly busy: ContextSide | null;
  /** Whether there may be more, in each direction. */
  readonly may: Readonly<Record<ContextSide, boolean>>;
  readonly onMore: (side: ContextSide) => void;
  /** The lines as they are copied and saved, and what the file is called after. */
  readonly text: () => string;
  readonly name: string;
  /** A `li` for each line; the one in the middle has the class `here`. */
  readonly children: ReactNode;
};

/** The list of lines around one, which can be widened in both directions, copied and saved. */
export function ContextPane(props: ContextPaneProps) {
  const { subject, label, keys, here, isMixed = false, busy, may, onMore, text, name, children } = props;
  const { t } = useTranslation();
  const [before, after] = [Math.max(0, here), keys.length - 1 - here];
  const list = useRef<HTMLOListElement>(null);
  useSteadyScroll(list, subject, keys);
  return (
    <>
      <div className="row">
        <Button
          disabled={busy !== null || !may.earlier || before >= CONTEXT_MOST}
          onClick={() => onMore('earlier')}
        >
          {t('logs:context.earlier', { count: CONTEXT_STEP })}
        </Button>
        <span className="soft figure" role="status">
          {busy !== null
            ? t('logs:context.loading')
            : t('logs:context.shown', {
                before: before.toLocaleString('en-US'),
                after: after.toLocaleString('en-US'),
              })}
        </span>
        <span className="spacer" />
        <Button kind="quiet" onClick={() => void copyText(text())}>
          {t('logs:context.copy')}
        </Button>
        <Button
          kind="quiet"
          onClick={() => void saveText(`context-${name.replace(/[^\p{L}\p{N}._-]/gu, '_')}.log`, text())}
        >
          {t('logs:context.save')}
        </Button>
      </div>
      <ol
        className={`log-context log-around${isMixed ? ' mixed' : ''}`}
        ref={list}
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
      >
        {children}
      </ol>
      <div className="row">
        <Button
          disabled={busy !== null || !may.later || after >= CONTEXT_MOST}
          onClick={() => onMore('later')}
        >
          {t('logs:context.later', { count: CONTEXT_STEP })}
        </Button>
        {(before >= CONTEXT_MOST || after >= CONTEXT_MOST) && (
          <span className="soft">
            {t('logs:context.most', { count: CONTEXT_MOST.toLocaleString('en-US') })}
          </span>
        )}
      </div>
    </>
  );
}

/**
 * Brings what was opened into view, once: lines that were asked for are of no use below the edge of the list they open in.
 *
 * @param shown whether its lines are there
 * @returns what the element is to be given
 */
export function useInView(shown: boolean): React.RefObject<HTMLDivElement | null> {
  const element = useRef<HTMLDivElement>(null);
  const done = useRef(false);
  useEffect(() => {
    if (!shown || done.current) return;
    // The list around it measures its lines in the next frame, and would move what was scrolled before that.
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => {
        done.current = true;
        element.current?.scrollIntoView({ block: 'nearest' });
      });
    });
    return () => cancelAnimationFrame(frame);
  }, [shown]);
  return element;
}

/** Shows the line in the middle at first; afterwards, lines that come in above move nothing that is being read. */
function useSteadyScroll(
  list: React.RefObject<HTMLOListElement | null>,
  subject: string,
  keys: readonly string[],
): void {
  const seen = useRef({ subject: '', first: '', height: 0 });
  const first = keys[0] ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is measured changes with the lines that are shown.
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return;
    if (seen.current.subject !== subject) {
      const hit = element.querySelector<HTMLElement>('.here');
      if (hit !== null) element.scrollTop = hit.offsetTop - (element.clientHeight - hit.offsetHeight) / 2;
    } else if (seen.current.first !== first) {
      element.scrollTop += element.scrollHeight - seen.current.height;
    }
    seen.current = { subject, first, height: element.scrollHeight };
  }, [subject, first, keys.length]);
}
