import { useMemo } from 'react';
import { encode } from 'uqr';

/** A text as a QR code, drawn as one path so that it prints sharp at any size. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const { size, path } = useMemo(() => {
    // Medium correction: a crease or a stain on the paper is forgiven.
    const code = encode(text, { ecc: 'M', border: 4 });
    const cells = code.data.flatMap((row, y) =>
      row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])),
    );
    return { size: code.size, path: cells.join('') };
  }, [text]);
  return (
    <svg className="qr-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label}>
      <path d={path} fill="#000" />
    </svg>
  );
}
