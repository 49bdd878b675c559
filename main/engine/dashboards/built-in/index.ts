import { type Dashboard, type DashboardInput, dashboardSchema } from '#shared/domain/dashboard/model.ts';
import { applicationBoard } from './application.ts';
import { balancerBoard } from './balancer.ts';
import { consoleBoard } from './console.ts';
import { databaseBoard } from './database.ts';
import { hostBoard } from './host.ts';
import { siteBoard } from './site.ts';
import { tierBoard } from './tier.ts';

const BOARDS: readonly DashboardInput[] = [
  siteBoard,
  tierBoard,
  hostBoard,
  applicationBoard,
  databaseBoard,
  balancerBoard,
  consoleBoard,
];

let read: readonly Dashboard[] | null = null;

/** The dashboards that come with the console, in the order in which they are listed. */
export function builtInDashboards(): readonly Dashboard[] {
  read ??= BOARDS.map((board) => dashboardSchema.parse(board));
  return read;
}
