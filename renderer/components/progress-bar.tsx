/** How far something is; `total` null draws a moving bar without a figure. */
export function ProgressBar({
  done,
  total,
  label,
}: {
  readonly done: number;
  readonly total: number | null;
  readonly label: string;
}) {
  const share = total === null ? null : total === 0 ? 1 : Math.min(1, done / total);
  const percent = share === null ? undefined : Math.floor(share * 100);
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(percent === undefined ? {} : { 'aria-valuenow': percent })}
    >
      <div
        className={share === null ? 'progress-fill progress-unknown' : 'progress-fill'}
        style={share === null ? {} : { width: `${share * 100}%` }}
      />
    </div>
  );
}
