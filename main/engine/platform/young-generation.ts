import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Where V8's room for new objects stops growing; both halves together. */
const ROOM_BYTES = 32 * 1024 * 1024;

/**
 * Keeps V8 from taking ever more room for new objects.
 *
 * Node lets that room grow to 128 MiB as soon as much is allocated once, as when a hundred thousand series appear, and never
 * gives it back. The engine's objects are few and short-lived, so a quarter collects as well; Electron stops at 16 MiB by
 * itself. The limit is a flag of V8's start, which a script can no longer set, but by how much the room grows is looked up
 * at each collection.
 */
export function boundYoungGeneration(): void {
  const observer = new PerformanceObserver(() => {
    const room = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space');
    if (room !== undefined && room.space_size < ROOM_BYTES) return;
    setFlagsFromString('--semi-space-growth-factor=1');
    observer.disconnect();
  });
  observer.observe({ entryTypes: ['gc'] });
}
