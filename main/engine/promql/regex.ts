import { RE2JS } from 're2js';
import { describeThrown } from '#shared/errors/index.ts';

/** Finds `(?<` outside of escapes and of brackets. */
const ANGLE_GROUP = /^(?:[^\\[(]|\\.|\[\^?\]?(?:[^\\\]]|\\.)*\]|\((?!\?<))*\(\?</s;

/** Longer patterns take so long to compile and to match that they would hold the engine's thread. */
const LONGEST = 16_384;

/** A compiled regular expression with the syntax of Go 1.19, or what is wrong with it. */
export function compileRegex(pattern: string): RE2JS | { readonly wrong: string } {
  if (pattern.length > LONGEST) return { wrong: `longer than ${LONGEST} characters` };
  // Newer versions of RE2 know (?<name>…), Prometheus 2.42 does not.
  if (pattern.includes('(?<') && ANGLE_GROUP.test(pattern))
    return { wrong: 'error parsing regexp: invalid or unsupported Perl syntax: `(?<`' };
  try {
    return RE2JS.compile(pattern);
  } catch (thrown) {
    return { wrong: describeThrown(thrown) };
  }
}
