/** Metadata that every archive of this version keeps (docs/archive-format.md, section 5). */
const ALWAYS = [
  'mode',
  'owner',
  'owner-names',
  'mtime-ns',
  'symlinks',
  'hard-links',
  'devices',
  'fifos',
  'sockets',
  'empty-directories',
  'raw-names',
  'sparse-size',
] as const;

/** Metadata that no archive of this version keeps. */
const NEVER = ['file-flags', 'birth-time', 'atime', 'holes'] as const;

/** Metadata that an archive keeps where the machine has what reads it. */
const EXTENDED = ['xattrs', 'acls'] as const;

/**
 * What an archive keeps and what it does not, by the words of its header.
 *
 * @param hasXattrs whether the run could read extended attributes, of which ACLs are a kind
 */
export function keptMetadata(hasXattrs: boolean): { readonly kept: string[]; readonly notKept: string[] } {
  return hasXattrs
    ? { kept: [...ALWAYS, ...EXTENDED], notKept: [...NEVER] }
    : { kept: [...ALWAYS], notKept: [...EXTENDED, ...NEVER] };
}
