import { describe, expect, it } from 'vitest';
import { type Command, matchCommands } from '../../../renderer/app/commands.ts';

const command = (title: string, words = ''): Command => ({ id: title, title, group: '', words });
const all = [command('主机', 'hosts'), command('app-10'), command('my app-1'), command('数据库', '10.0.1.5')];
const titles = (text: string): readonly string[] => matchCommands(all, text).map(({ title }) => title);

describe('the command palette', () => {
  it('shows everything in its own order for an empty text', () => {
    expect(titles(' ')).toEqual(all.map(({ title }) => title));
  });

  it('puts what begins so before what holds it', () => {
    expect(titles('app')).toEqual(['app-10', 'my app-1']);
  });

  it('finds by other words and by letters in order', () => {
    expect(titles('10.0.1')).toEqual(['数据库']);
    expect(titles('HOSTS')).toEqual(['主机']);
    expect(titles('ap10')).toEqual(['app-10']);
    expect(titles('zzz')).toEqual([]);
  });
});
