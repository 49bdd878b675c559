import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Where V8's room for new objects stays; both halves together. */
const ROOM_BYTES = 32 * 1024 * 1024;
/** Objects after which V8 is taken to grow no more; it does after some ten thousand. */
const MOST_OBJECTS = 2_000_000;
/** Objects between two looks at the room. */
const AT_ONCE = 1_000;

function roomBytes(): number {
  return (
    getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? ROOM_BYTES
  );
}

/**
 * Gives V8 as much room for new objects as the engine needs, and keeps it from taking more.
 *
 * Node lets that room grow to 128 MiB as soon as much is allocated once, as when a hundred thousand series appear, and never
 * gives it back. The engine's objects are few and short-lived, so a quarter collects as well; Electron stops at 16 MiB by
 * itself. The limit is a flag of V8's start, which a script can no longer set, but by how much the room grows is looked up at
 * each collection that finds many objects alive. So it is made to grow here, and later by a factor of one: whoever
 * waited for it to grow by itself would see it too late, for several collections fall into one turn of the event loop.
 */
export function boundYoungGeneration(): void {
  const alive: object[] = [];
  for (let room = roomBytes(); room < ROOM_BYTES && alive.length < MOST_OBJECTS; room = roomBytes()) {
    setFlagsFromString(`--semi-space-growth-factor=${room * 4 <= ROOM_BYTES ? 4 : 2}`);
    for (let n = 0; n < AT_ONCE; n++) alive.push({ n });
  }
  setFlagsFromString('--semi-space-growth-factor=1');
}

/**
 * Takes back what the flags of V8's start say about its room for new objects (`main/shell/engine-process.ts`). The engine's own heap
 * keeps its room; threads that are made later get that of their resource limits, which the flags would overrule: 24 MiB more for
 * each log thread.
 */
export function leaveThreadsTheirRoom(): void {
  setFlagsFromString('--min-semi-space-size=0');
  setFlagsFromString('--max-semi-space-size=0');
}
