import { execFileSync } from 'node:child_process';

/** The words of a PDF in the order in which they stand, as another program reads them. */
export function pdfText(path: string): string {
  try {
    return execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
  } catch (thrown) {
    const isMissing = (thrown as { readonly code?: unknown }).code === 'ENOENT';
    throw isMissing ? new Error('This test needs: apt-get install poppler-utils', { cause: thrown }) : thrown;
  }
}
