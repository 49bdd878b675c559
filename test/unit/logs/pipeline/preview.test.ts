import { expect, test } from 'vitest';
import { sampleOfLines } from '../../../../main/engine/logs/pipeline/preview.ts';

const sample = { text: '2026-01-01 08:00:00 started', format: 'auto', source: '', host: '', path: '' };

test.each(['auto', 'plain'])('a zone that is none is refused by its name, format %s', (format) => {
  expect(sampleOfLines({ ...sample, format, zone: 'Mars/Base' }, 0)).toMatchObject({
    error: { code: 'LOG_ZONE_UNKNOWN', field: 'zone' },
  });
});
