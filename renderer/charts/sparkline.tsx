export type SparklineProps = {
  /** One value a step, null where there is none. */
  readonly values: readonly (number | null)[];
  /** Fixed bounds; without them the values' own, with zero below. */
  readonly min?: number;
  readonly max?: number;
  readonly label: string;
  readonly height?: number;
};

const WIDTH = 200;

/** A trend without axes; gaps are gaps, a single value between gaps is a dot. */
export function Sparkline({ values, min = 0, max, label, height = 36 }: SparklineProps) {
  const top = max ?? Math.max(...values.filter((value): value is number => value !== null), min + 1e-9);
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${WIDTH} ${height}`}
      preserveAspectRatio="none"
      height={height}
      role="img"
      aria-label={label}
    >
      <path
        d={sparkPath(values, min, top, height)}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
        strokeLinecap="round"
      />
    </svg>
  );
}

/** The path of a trend in a box of 200 × `height`; a run of values is one stroke. */
export function sparkPath(
  values: readonly (number | null)[],
  min: number,
  max: number,
  height: number,
): string {
  const stepX = WIDTH / Math.max(1, values.length - 1);
  const y = (value: number): number => {
    const share = (value - min) / Math.max(1e-12, max - min);
    return height - 1.5 - Math.max(0, Math.min(1, share)) * (height - 3);
  };
  let path = '';
  let drawing = false;
  values.forEach((value, index) => {
    if (value === null) {
      drawing = false;
      return;
    }
    const point = `${(index * stepX).toFixed(1)} ${y(value).toFixed(1)}`;
    const alone = !drawing && (values[index + 1] ?? null) === null;
    path += `${drawing ? 'L' : 'M'}${point}${alone ? `L${point}` : ''}`;
    drawing = true;
  });
  return path;
}
