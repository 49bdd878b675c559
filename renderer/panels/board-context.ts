import { createContext, useContext } from 'react';
import type { WatchGap } from '#shared/contract/site.ts';
import type { ChartActions } from '../charts/time-chart.tsx';
import type { BoardMark } from './board-marks.ts';
import type { BoardScope } from './panel-scope.ts';
import type { Look } from './value-look.ts';

/** What all panels of a dashboard share. */
export type Board = {
  readonly scope: BoardScope;
  readonly marks: readonly BoardMark[];
  readonly gaps: readonly WatchGap[];
  readonly actions: ChartActions;
  readonly look: Look;
  /** False on paper: panels are there from the first drawing and do not wait to be seen. */
  readonly lazy: boolean;
  /** Hears when the oldest answer of a panel in view came, and null when it is out of view: how old is the picture. */
  readonly onAnswer?: (panel: string, at: number | null) => void;
};

export const BoardContext = createContext<Board | null>(null);

/** The board that a panel stands on. */
export function useBoard(): Board {
  const board = useContext(BoardContext);
  if (board === null) throw new Error('a panel stands on no board');
  return board;
}
