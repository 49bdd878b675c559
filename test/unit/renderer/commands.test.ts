import { describe, expect, it } from 'vitest';
import { type Command, matchCommands, pathOfAddress } from '../../../renderer/app/commands.ts';

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

describe('an address pasted into the palette', () => {
  it('is one inside the app, with or without its scheme', () => {
    expect(pathOfAddress(' app://console/hosts/app-2?range=6h ')).toBe('/hosts/app-2?range=6h');
    expect(pathOfAddress('/alerts')).toBe('/alerts');
  });

  it('is never one outside', () => {
    for (const text of [
      'https://example.com/',
      'app://elsewhere/hosts',
      'hosts',
      '/two words',
      '//elsewhere',
      '',
    ]) {
      expect(pathOfAddress(text)).toBeNull();
    }
  });
});
