import type { Logger } from '../../main/engine/platform/logger.ts';

/** Drops everything: a test looks at what happened, not at what was said of it. */
export const silentLogger: Logger = { log: () => undefined, child: () => silentLogger };
