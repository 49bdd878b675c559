import type { CheckInput } from '#shared/contract/checks.ts';
import { attempt, type Made } from './checks.ts';

/**
 * A process of its own that makes checks and nothing else: what it spends is what they cost. It answers each message in the
 * order in which it ends.
 */

/** One round: all checks at once. */
export type Round = {
  readonly id: number;
  readonly timeoutMs: number;
  readonly what: readonly CheckInput['what'][];
};

/** What came of a round, and what the process has used until then. */
export type RoundMade = {
  readonly id: number;
  readonly made: readonly Made[];
  /** Errors that nobody caught. */
  readonly escaped: readonly string[];
  /** Resident bytes at most since the process began. */
  readonly peakRss: number;
};

const escaped: string[] = [];
process.on('uncaughtException', (thrown) => void escaped.push(String(thrown.stack)));
process.on('unhandledRejection', (thrown) => void escaped.push(String(thrown)));

process.on('message', ({ id, what, timeoutMs }: Round) => {
  void Promise.all(what.map((one) => attempt(one, { timeoutMs }))).then((made) => {
    const answer: RoundMade = { id, made, escaped, peakRss: process.resourceUsage().maxRSS * 1024 };
    process.send?.(answer);
  });
});
process.on('disconnect', () => process.exit());
