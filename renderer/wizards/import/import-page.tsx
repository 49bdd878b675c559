import { useSearchParams } from 'react-router';
import { ChecksImport } from './checks-import.tsx';
import { ConfigurationImport } from './configuration-import.tsx';
import { ListImport } from './list-import.tsx';
import { PrometheusImport } from './prometheus-import.tsx';

/** One way in for everything that a site already has: choose the file → see what would become of it → take it over. */
export function ImportPage({ kind = 'prometheus' }: { readonly kind?: 'prometheus' | 'list' }) {
  const [params] = useSearchParams();
  switch (params.get('what') ?? kind) {
    case 'list':
      return <ListImport />;
    case 'site':
      return <ConfigurationImport />;
    case 'nagios':
      return <ChecksImport key="nagios" kind="nagios" />;
    case 'zabbix':
      return <ChecksImport key="zabbix" kind="zabbix" />;
    default:
      return <PrometheusImport />;
  }
}
