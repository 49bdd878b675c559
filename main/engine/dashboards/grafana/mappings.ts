import type * as z from 'zod';
import type { mappingSchema } from '#shared/domain/dashboard/field.ts';
import { colorAt } from './colors.ts';
import { type Node, oneOf } from './node.ts';

type MappingInput = z.input<typeof mappingSchema>;

/** What a mapping shows. */
function result(node: Node): { text?: string; color?: string } {
  const text = node.text('text', 300);
  const color = colorAt(node, 'color');
  node.skip('index');
  if (node.has('icon')) node.left('icon', { zh: '图标已略去', en: 'the icon was left out' });
  node.listRest();
  return { ...(text === '' ? {} : { text }), ...(color === null ? {} : { color }) };
}

function byValue(options: Node): readonly MappingInput[] {
  const entries = options
    .keys()
    .slice(0, 500)
    .map((value) => ({ value, node: options.child(value) }));
  // Grafana orders them by `index`.
  return entries
    .map(({ value, node }) => ({ value, index: node.number('index') ?? 0, to: result(node) }))
    .sort((a, b) => a.index - b.index)
    .map(({ value, to }): MappingInput => {
      // `null` stands for nothing at all here.
      if (value === 'null') return { of: 'special', match: 'null', ...to };
      return { of: 'value', value: value.slice(0, 1000), ...to };
    });
}

/** The form of Grafana 7 and older, which exports still carry: type 1 is a value, type 2 a range. */
function oldMapping(node: Node, type: number): readonly MappingInput[] {
  const text = node.text('text', 300);
  const value = node.text('value', 1000);
  const [from, to] = [node.number('from'), node.number('to')];
  node.skip('id', 'op', 'operator');
  if (type === 2) return [{ of: 'range', from, to, text }];
  return [
    value === 'null' || value === '' ? { of: 'special', match: 'null', text } : { of: 'value', value, text },
  ];
}

function one(node: Node): readonly MappingInput[] {
  const type = node.raw('type');
  if (type === 1 || type === 2) return oldMapping(node, type);
  const options = node.child('options');
  switch (type) {
    case 'value':
      return byValue(options);
    case 'range':
      return [
        {
          of: 'range',
          from: options.number('from'),
          to: options.number('to'),
          ...result(options.child('result')),
        },
      ];
    case 'regex':
      return [{ of: 'regex', pattern: options.text('pattern', 1000), ...result(options.child('result')) }];
    case 'special': {
      const match = oneOf(options.raw('match'), ['null', 'nan', 'null+nan', 'true', 'false', 'empty']);
      if (match !== null) return [{ of: 'special', match, ...result(options.child('result')) }];
      break;
    }
  }
  node.left('type', { zh: '无法识别的值映射', en: 'a mapping of a kind that is not known' });
  return [];
}

/** The mappings of a list. */
export function readMappings(node: Node, key: string): MappingInput[] {
  return node
    .children(key, 500)
    .flatMap((each) => one(each))
    .slice(0, 500);
}
