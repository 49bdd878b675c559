/**
 * How long a test waits for what must come, milliseconds. A wait ends when it has come, so that only what never comes
 * takes this long; a busy machine takes many times what a free one does.
 */
export const PATIENCE_MS = 60_000;
