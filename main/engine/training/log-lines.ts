import type { Figures } from './figures.ts';
import type { TrainingNode } from './nodes.ts';

/** What a machine writes into its log in one second; about two lines. */
export function logLines(
  node: TrainingNode,
  figures: Figures,
  at: { readonly now: number; readonly tick: number; readonly failingOrder: string },
): readonly string[] {
  const time = new Date(at.now + figures.clockAhead * 1000).toISOString();
  const milliseconds = Math.round(figures.secondsPerRequest * 1000);
  const order = `SO-${100_000 + ((at.tick * 7 + node.seed) % 9_000)}`;
  // Every fifth second fails at 40 %, so that the share is right without chance.
  const fails = figures.failing > 0.1 && at.tick % 5 < 2;
  if (node.role === 'balancer')
    return [
      `time=${time} level=info msg="request" method=GET path=/orders/${order} status=200 backend=app-${1 + (at.tick % 6)} ms=${milliseconds}`,
    ];
  if (node.role === 'database')
    return [
      `${time} ${figures.secondsPerRequest > 0.05 ? 'WARN' : 'INFO'} query took ${milliseconds} ms: SELECT * FROM orders WHERE no = '${order}'`,
    ];
  const line = (level: string, message: string, number: string): string =>
    JSON.stringify({ time, level, message, order: number, service: node.name, ms: milliseconds });
  return [
    line('info', 'order read', order),
    ...(fails
      ? [
          line(
            'error',
            'order could not be saved: constraint violated',
            at.tick % 10 === 1 ? order : at.failingOrder,
          ),
        ]
      : []),
  ];
}
