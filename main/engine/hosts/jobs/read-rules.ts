import { appError, err, ok, type Result } from '#shared/errors/index.ts';
import { type Field, type NodeReader, Refused, readYaml } from '../prometheus-config/node-reader.ts';
import { readRelabelRules } from '../prometheus-config/read-relabel.ts';

const NO_INNER_KEYS: ReadonlySet<string> = new Set();

/**
 * Reads rules as they are typed: the list below `relabel_configs`, or pasted together with that key.
 *
 * @param key `relabel_configs` or `metric_relabel_configs`
 * @returns RELABEL_TEXT_REFUSED with `line`
 */
export function readRules(
  key: 'relabel_configs' | 'metric_relabel_configs',
  text: string,
): Result<ReturnType<typeof readRelabelRules>> {
  try {
    const reader = readYaml(key, text, NO_INNER_KEYS);
    return ok(readRelabelRules(reader, listOf(reader, key, text)));
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    const { line, message } = thrown.error;
    return err(
      appError(
        'RELABEL_TEXT_REFUSED',
        { zh: message.zh, en: message.en },
        line === undefined ? {} : { line },
      ),
    );
  }
}

function listOf(reader: NodeReader, key: string, text: string): Field | undefined {
  if (!new RegExp(`^${key}:`, 'm').test(text)) return reader.root;
  return reader.map(reader.root, [key]).get(key);
}
