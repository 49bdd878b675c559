import { expect, test } from 'vitest';
import type { EngineState } from '#shared/contract/shell.ts';
import type { SupervisorMessage } from '#shared/contract/supervision.ts';
import { appError } from '#shared/errors/index.ts';
import { createEngineSupervisor, type EngineProcess } from '../../../main/shell/engine-supervisor.ts';
import { fakeTime } from '../../helpers/fake-time.ts';
import { silentLogger } from '../../helpers/silent-logger.ts';

/** An engine process in the test's hands. */
type Puppet = {
  readonly sent: SupervisorMessage[];
  readonly says: (message: unknown) => void;
  readonly exits: (code: number) => void;
  killed: boolean;
};

function setUp(keyStore?: () => string | null) {
  const time = fakeTime(Date.UTC(2026, 10, 22));
  const puppets: Puppet[] = [];
  const states: EngineState[] = [];
  const fork = (): EngineProcess<string> => {
    const hears: ((message: unknown) => void)[] = [];
    const exits: ((code: number) => void)[] = [];
    const puppet: Puppet = {
      sent: [],
      says: (message) => {
        for (const hear of hears) hear(message);
      },
      exits: (code) => {
        for (const exit of exits) exit(code);
      },
      killed: false,
    };
    puppets.push(puppet);
    return {
      send: (message) => void puppet.sent.push(message),
      kill: () => {
        puppet.killed = true;
        puppet.exits(137);
      },
      onMessage: (listener) => void hears.push(listener),
      onExit: (listener) => void exits.push(listener),
    };
  };
  const supervisor = createEngineSupervisor<string>({
    fork,
    clock: time.clock,
    timers: time.timers,
    log: silentLogger,
    onState: (state) => states.push(state),
    ...(keyStore === undefined ? {} : { keyStore }),
  });
  const latest = (): Puppet => {
    const puppet = puppets.at(-1);
    if (puppet === undefined) throw new Error('no engine was started');
    return puppet;
  };
  /** Lets time pass with a sign of life every two seconds. */
  const live = (ms: number): void => {
    for (let passed = 0; passed < ms; passed += 2_000) {
      time.advance(2_000);
      latest().says({ kind: 'alive' });
    }
  };
  supervisor.start();
  return { time, puppets, states, supervisor, latest, live };
}

const ready = { kind: 'ready', pid: 42 };

test('starting, then running', () => {
  const { states, latest } = setUp();
  latest().says(ready);
  expect(states.map((state) => state.state)).toEqual(['starting', 'running']);
});

test('ports go to an engine as soon as it is launched, and to none that is ending', () => {
  const { latest, supervisor } = setUp();
  expect(supervisor.connect('early')).toBe(true);
  latest().says(ready);
  expect(supervisor.connect('late')).toBe(true);
  expect(latest().sent).toEqual([{ kind: 'connect' }, { kind: 'connect' }]);
  supervisor.restart();
  expect(supervisor.connect('too late')).toBe(false);
  latest().exits(0);
  expect(supervisor.connect('next')).toBe(true);
  latest().exits(1);
  expect(supervisor.connect('nobody')).toBe(false);
});

test('an engine that ends is started again after growing pauses, which a steady run resets', () => {
  const { time, puppets, latest, supervisor, live } = setUp();
  const pauses: number[] = [];
  for (let nth = 0; nth < 8; nth += 1) {
    latest().says(ready);
    latest().exits(1);
    const state = supervisor.state();
    if (state.state !== 'restarting') throw new Error('not restarting');
    pauses.push(state.inMs);
    const before = puppets.length;
    time.advance(state.inMs - 1);
    expect(puppets.length).toBe(before);
    time.advance(1);
    expect(puppets.length).toBe(before + 1);
  }
  expect(pauses).toEqual([500, 1_000, 2_000, 5_000, 10_000, 30_000, 30_000, 30_000]);
  latest().says(ready);
  live(60_000);
  latest().exits(1);
  expect(supervisor.state()).toMatchObject({ state: 'restarting', attempt: 1, inMs: 500, reason: 'ended' });
});

test('silence for more than 15 s is a hang: killed and started again', () => {
  const { time, latest, supervisor, puppets, live } = setUp();
  latest().says(ready);
  live(20_000);
  const hanging = latest();
  time.advance(15_000);
  expect(hanging.killed).toBe(false);
  time.advance(1_000);
  expect(hanging.killed).toBe(true);
  expect(supervisor.state()).toMatchObject({ state: 'restarting', reason: 'hung' });
  time.advance(500);
  expect(puppets).toHaveLength(2);
});

test('an engine may take long to open its folder', () => {
  const { time, latest } = setUp();
  const opening = latest();
  time.advance(120_000);
  expect(opening.killed).toBe(false);
  time.advance(1_000);
  expect(opening.killed).toBe(true);
});

test('silence while the machine sleeps is no hang', () => {
  const { time, latest, supervisor, live } = setUp();
  latest().says(ready);
  supervisor.rest(true);
  time.advance(3_600_000);
  supervisor.rest(false);
  time.advance(14_000);
  expect(latest().killed).toBe(false);
  live(10_000);
  // And the watchdog is awake again.
  const hanging = latest();
  time.advance(17_000);
  expect(hanging.killed).toBe(true);
});

test('an engine that refuses its folder is left alone until somebody asks', () => {
  const { time, latest, puppets, supervisor } = setUp();
  const error = appError('DATA_FOLDER_IN_USE', { dir: '/d', pid: 1, since: 'now' });
  latest().says({ kind: 'refused', error });
  latest().exits(4);
  time.advance(600_000);
  expect(puppets).toHaveLength(1);
  expect(supervisor.state()).toEqual({ state: 'refused', error });
  supervisor.restart();
  expect(puppets).toHaveLength(2);
});

test('a restart on request is orderly and waits for nothing', () => {
  const { latest, puppets, supervisor } = setUp();
  latest().says(ready);
  supervisor.restart();
  expect(latest().sent).toEqual([{ kind: 'stop' }]);
  expect(puppets).toHaveLength(1);
  latest().exits(0);
  expect(puppets).toHaveLength(2);
  expect(supervisor.state()).toEqual({ state: 'starting' });
});

test('stopping asks first and kills after ten seconds; nothing is started any more', async () => {
  const { time, latest, puppets, supervisor } = setUp();
  latest().says(ready);
  const stopped = supervisor.stop();
  expect(latest().sent).toEqual([{ kind: 'stop' }]);
  time.advance(9_999);
  expect(latest().killed).toBe(false);
  time.advance(1);
  expect(latest().killed).toBe(true);
  await stopped;
  time.advance(600_000);
  supervisor.restart();
  expect(puppets).toHaveLength(1);
});

test('stopping during a pause ends the waiting', async () => {
  const { time, latest, puppets, supervisor } = setUp();
  latest().exits(1);
  await supervisor.stop();
  time.advance(600_000);
  expect(puppets).toHaveLength(1);
  expect(supervisor.state()).toEqual({ state: 'stopped' });
});

test('what an earlier engine still says is not taken for the present one', () => {
  const { time, puppets, supervisor } = setUp();
  puppets[0]?.exits(1);
  time.advance(500);
  puppets[0]?.says(ready);
  expect(supervisor.state()).toEqual({ state: 'starting' });
});

test('words that are no message are ignored', () => {
  const { latest, supervisor } = setUp();
  latest().says({ kind: 'ready' });
  latest().says('ready');
  expect(supervisor.state()).toEqual({ state: 'starting' });
});

test("every engine that is ready is told what the desktop's key store gives, and no other", () => {
  const { supervisor, latest, time } = setUp(() => 'a2V5');
  supervisor.start();
  expect(latest().sent).toEqual([]);
  latest().says(ready);
  expect(latest().sent).toEqual([{ kind: 'keyStore', key: 'a2V5' }]);
  latest().exits(1);
  time.advance(60_000);
  latest().says(ready);
  expect(latest().sent).toEqual([{ kind: 'keyStore', key: 'a2V5' }]);
});
