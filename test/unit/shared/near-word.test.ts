import { expect, it } from 'vitest';
import { nearestWord } from '../../../shared/domain/near-word.ts';

it.each([
  ['levle', ['message', 'level', 'host'], 'level'],
  ['statsu', ['state', 'status'], 'status'],
  ['job_nam', ['job', 'job_name'], 'job_name'],
  ['ms', ['db', 'os'], null],
  ['订单编', ['订单编号', '用户'], '订单编号'],
  ['completely', ['other'], null],
  ['', ['a'], null],
])('what %j most likely means among %j', (word, known, meant) => {
  expect(nearestWord(word, known)).toBe(meant);
});
