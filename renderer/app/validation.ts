import * as z from 'zod';

/**
 * Must be imported before any schema is made. The page's policy forbids generated code, so Zod is told not to try:
 * every attempt would stand in the log as something that was refused.
 */
z.config({ jitless: true });
