import { xxhash64 } from './xxhash64.ts';

/** The next time at which a group is evaluated: groups of one interval are spread over it, each always at the same offset. */
export type GroupSlots = {
  /** The first slot that is later than `now`, UTC milliseconds. */
  readonly after: (now: number) => number;
};

const NANOSECONDS = 1_000_000n;

/** The slots of a group, at the very times of Prometheus 2.42 (`EvalTimestamp` in rules/manager.go). */
export function groupSlots(file: string, name: string, intervalMs: number): GroupSlots {
  const offset = Number((hashOf(file, name) % (BigInt(intervalMs) * NANOSECONDS)) / NANOSECONDS);
  return {
    after: (now) => {
      const shifted = now - offset;
      return shifted - (((shifted % intervalMs) + intervalMs) % intervalMs) + offset + intervalMs;
    },
  };
}

/** The hash of the label set {file, name}, as Prometheus hashes labels: names and values, each ended by the byte 255. */
function hashOf(file: string, name: string): bigint {
  const end = Buffer.of(0xff);
  return xxhash64(Buffer.concat(['file', file, 'name', name].flatMap((text) => [Buffer.from(text), end])));
}
