import type { Translate } from '../../../locales/use-translation.ts';
import { filterOptions, type OptionName, optionTypes } from './step-spec.ts';

const isKind = (name: string): name is keyof typeof filterOptions => name in filterOptions;
const isOption = (name: string): name is OptionName => name in optionTypes;

/**
 * A step as the editor calls it.
 *
 * @param label as the engine counts it: `mutate addTag, rename`, `if [level] == "error"`
 */
export function stepWords(t: Translate, label: string): string {
  const [, kind = '', rest = ''] = /^(\S+) ?(.*)$/s.exec(label) ?? [];
  if (kind === 'if') return `${t('pipelines:edit.if')} ${rest}`;
  if (!isKind(kind)) return label;
  const word = t(`pipelines:kind.${kind}`);
  if (rest === '') return word;
  const named = (name: string): string => (isOption(name) ? t(`pipelines:option.${name}`) : name);
  const options = kind === 'mutate' ? rest.split(', ').map(named).join(' · ') : rest;
  return t('pipelines:list.stepOptions', { word, options });
}
