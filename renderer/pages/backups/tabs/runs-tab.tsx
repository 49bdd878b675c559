import { Panel } from '../../../components/page-header.tsx';
import { absoluteText } from '../../../components/time.ts';
import { newestFirst } from '../objective.ts';
import { RunReportView } from '../run-report.tsx';
import type { PlanTabProps } from './plan-tabs.ts';

/** What each run did: kept, skipped, excluded. */
export function RunsTab({ points }: PlanTabProps) {
  return (
    <div className="stack">
      {newestFirst(points)
        .slice(0, 20)
        .map((point) => (
          <Panel key={point.id} title={absoluteText(point.startedAt)}>
            <RunReportView point={point} />
          </Panel>
        ))}
    </div>
  );
}
