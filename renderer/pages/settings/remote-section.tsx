import { RequestView } from '../../components/request-view.tsx';
import { useEvent, useRequest } from '../../components/use-request.ts';
import { RemoteEndpoints } from './remote-endpoints.tsx';
import { RemoteSourceForm } from './remote-source-form.tsx';

/** Other servers: where samples are sent to, and where the pages read metrics from. */
export function RemoteSection() {
  const status = useRequest('remote.status', {}, { refreshMs: 2_000 });
  useEvent('remote.changed', status.reload);
  return (
    <RequestView request={status} rows={3}>
      {(data) => (
        <div className="stack">
          <RemoteEndpoints status={data} onChanged={status.reload} />
          <RemoteSourceForm source={data.source} onChanged={status.reload} />
        </div>
      )}
    </RequestView>
  );
}
