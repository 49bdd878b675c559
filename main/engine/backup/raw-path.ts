// The paths of backup and restore are one thing; it lives in platform, where both may import it.
export { decodePath, encodePath, fsPath, type RawPath, showPath } from '../platform/raw-path.ts';
