import { OPEN_METRICS_DOCUMENTS } from './exposition-openmetrics.ts';
import { type ExpositionCase, OPEN_METRICS, sequences, TEXT } from './exposition-sequences.ts';
import { withSettings } from './exposition-settings.ts';
import { TEXT_DOCUMENTS } from './exposition-text.ts';

const CONTENT_TYPES = [
  '',
  'text/plain',
  'text/html',
  'text/html; charset=utf-8',
  'application/json',
  'text/plain; version=1.0.0',
  ' application/openmetrics-text',
  'application/openmetrics-text ; version=1.0.0',
  'application/openmetrics-text;version=1.0.0;charset=utf-8;escaping=underscores',
  'application/openmetrics-text; version=1.0.0; version=0.0.1',
  'application/openmetrics-text; version=1.0.0; Version=1.0.0',
  'application/openmetrics-text; charset="utf-8',
  'application/openmetrics-text, text/plain',
  'application/openmetrics-text',
  'Application/OpenMetrics-Text; version=0.0.1',
  'application/openmetrics-text; version=',
  'application/openmetrics-text; version="1.0.0"',
  'application/openmetrics-text;',
  'application/openmetrics-text; a b',
  'nonsense',
];

/** Everything that is compared with Prometheus. */
export function expositionCases(now: number): readonly ExpositionCase[] {
  const single = (contentType: string, prefix: string) => (body: string | Uint8Array, index: number) => ({
    name: `${prefix} ${index}: ${JSON.stringify(Buffer.from(body).toString('latin1').slice(0, 60))}`,
    contentType,
    bodies: [body],
  });
  return [
    ...TEXT_DOCUMENTS.map(single(TEXT, 'text')),
    ...OPEN_METRICS_DOCUMENTS.map(single(OPEN_METRICS, 'OpenMetrics')),
    ...CONTENT_TYPES.map((contentType) => ({
      name: `Content-Type ${contentType}`,
      contentType,
      bodies: ['# a comment\na 1\n# EOF\n'],
    })),
    ...sequences(now),
    ...withSettings(now),
  ];
}
