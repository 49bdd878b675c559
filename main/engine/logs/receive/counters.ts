import type { LogReceiverCounters } from '#shared/contract/logs-sources.ts';

/** What a receiver has counted before the first message. */
export const NOTHING_COUNTED: LogReceiverCounters = {
  messages: 0,
  bytes: 0,
  malformed: 0,
  cut: 0,
  droppedRate: 0,
  droppedSender: 0,
  droppedDisk: 0,
  droppedKernel: null,
  refusedConnections: 0,
  brokenConnections: 0,
};
