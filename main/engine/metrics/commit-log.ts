import type { Labels } from '#shared/domain/labels.ts';
import { describeThrown } from '#shared/errors/index.ts';
import type { CommitWatcher, Head, MetricMetadata } from './head.ts';
import { decodeRow, SampleBatch } from './wal-row.ts';

/** The samples of one commit: sample i belongs to series `refs[i]`; values are 32-bit halves, the lower first. */
export type CommittedSamples = {
  readonly length: number;
  readonly refs: Float64Array;
  readonly times: Float64Array;
  readonly bits: Uint32Array;
};

/** The commits of the series store in their order, for those who must see every sample once. */
export type CommitLog = {
  /** Number of the newest commit; numbers only grow, also across restarts. */
  readonly newest: () => number;
  /** Numbers further commits from after `row` on. */
  readonly continueAfter: (row: number) => void;
  /**
   * Reads the commits after `after` in order, until `visit` says false. What it is handed is used again for the next
   * commit.
   */
  readonly read: (after: number, visit: (row: number, samples: CommittedSamples) => boolean) => void;
  /** Bytes that the commits (after, to] take in the head file. */
  readonly bytes: (after: number, to: number) => number;
  /** Labels of a series of a commit that is still stored; the same array each time. */
  readonly labels: (ref: number) => Labels | null;
  /** What expositions last said about each metric. */
  readonly metadata: () => ReadonlyMap<string, MetricMetadata>;
  /** Has commits announced, and asks before they are dropped. One at most. */
  readonly watch: (watcher: CommitWatcher | null) => void;
};

/** Rows fetched at a time. */
const ROWS_A_TURN = 64;

/** The commits of a head. */
export function commitLog(head: Head): CommitLog {
  const batch = new SampleBatch();
  // Readers know what they made of labels by the array; the head makes a new one each time.
  const known = new Map<number, Labels>();
  return {
    newest: () => head.lastRow,
    continueAfter: (row) => head.continueAfter(row),
    bytes: (after, to) => head.statements.bytesOfRows.get(after, to) ?? 0,
    labels: (ref) => {
      const there = known.get(ref);
      if (there !== undefined) return there;
      const slot = head.series.findRef(ref);
      if (slot === undefined) return null;
      // Those of series that are gone go too, now and then.
      if (known.size > head.series.size * 2) known.clear();
      const labels = head.series.labels(slot);
      known.set(ref, labels);
      return labels;
    },
    metadata: () => head.metadata,
    watch: (watcher) => {
      head.watcher = watcher;
    },
    read: (after, visit) => {
      let last = after;
      for (;;) {
        const rows = head.statements.rowsAfter.all(last, ROWS_A_TURN);
        for (const { id, data } of rows) {
          last = id;
          try {
            decodeRow(data, batch);
          } catch (thrown) {
            head.options.logger.log('error', 'a write-ahead row is damaged and cannot be passed on', {
              row: id,
              why: describeThrown(thrown),
            });
            continue;
          }
          if (!visit(id, batch)) return;
        }
        if (rows.length < ROWS_A_TURN) return;
      }
    },
  };
}
