/** A path as it is, in the fixed-width type that tells look-alikes apart; whole on hover. */
export function PathText({ path }: { readonly path: string }) {
  return (
    <span className="mono" title={path}>
      {path}
    </span>
  );
}
