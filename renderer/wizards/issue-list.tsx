import { StateShape } from '../components/state-badge.tsx';

/** Why Continue is not possible, in words, so that nobody wonders about a grey button. */
export function IssueList({ issues }: { readonly issues: readonly string[] }) {
  return (
    <div role="status" className="issue-list">
      {issues.map((issue) => (
        <div key={issue} className="badge soft">
          <StateShape state="unknown" /> <span>{issue}</span>
        </div>
      ))}
    </div>
  );
}
