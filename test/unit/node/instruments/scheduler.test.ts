import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { V8HeapProfile } from '../../../../src/core/profile/v8/v8Profile';
import type { Channel, ChannelClosed } from '../../../../src/node/channel';
import { createCpuWindows } from '../../../../src/node/instruments/cpuWindows';
import type { HeapMeasure, SamplingBackend } from '../../../../src/node/instruments/samplingBackend';
import type { InstrumentOptions } from '../../../../src/node/instruments/instrument';
import { startMeasuring, type Scheduler } from '../../../../src/node/instruments/scheduler';
import { cpuProfile, heapProfile } from '../../../support/profileBuilder';
import { until } from '../../../support/agentTarget';

/** An isolate's profilers without a target: it notes what is asked, in order, and complains of what V8 would refuse. */
class FakeIsolate {
  readonly calls: string[] = [];
  readonly open = new Set<string>();
  heap: HeapMeasure | undefined;
  disposed = false;
  heapUsed = 20e6;
  /** Set to make the next change of windows fail, or return no profile. */
  nextChange: 'fails' | 'is lost' | undefined;
  private busy = false;
  private release: (() => void) | undefined;
  private gate: Promise<void> | undefined;
  private end!: (closed: ChannelClosed) => void;
  private readonly titles: string[] = [];

  readonly channel: Channel = {
    send: async <T>(method: string): Promise<T> => {
      if (method === 'Runtime.evaluate') return { result: { objectId: 'functions' } } as T;
      await this.answer('memory');
      return { result: { value: { heapUsed: this.heapUsed, external: 1e6 } } } as T;
    },
    on: () => ({ dispose: () => undefined }),
    closed: new Promise((resolve) => (this.end = resolve)),
    close: () => this.end({ reason: 'closed-by-us' }),
  };

  readonly backend: SamplingBackend & { cheapLiveReads: boolean } = {
    cheapLiveReads: true,
    measures: { live: true, allocated: true },
    setCpuInterval: async (us) => {
      assert.equal(this.open.size, 0, 'V8 refuses to change the interval while it samples');
      await this.answer(`interval ${us}`);
    },
    changeCpuWindow: async ({ next, previous }) => {
      await this.answer(`${next ? `+${this.number(next)}` : ''}${previous ? `-${this.number(previous)}` : ''}`);
      const how = this.nextChange;
      this.nextChange = undefined;
      if (how === 'fails') throw new Error('V8 says no');
      if (next) this.open.add(next);
      if (previous) assert.ok(this.open.delete(previous), `${previous} was not open`);
      assert.ok(this.open.size <= 1);
      return {
        profile: previous && how !== 'is lost' ? cpuProfile([{ stack: previous, us: 100 }]) : undefined,
        targetMs: 2,
      };
    },
    startHeap: async (measure) => {
      assert.equal(this.heap, undefined, 'one heap sampler at a time');
      await this.answer(`heap ${measure}`);
      this.heap = measure;
    },
    readLive: () => this.readHeap('read'),
    stopHeap: async () => {
      const profile = await this.readHeap('stop');
      this.heap = undefined;
      return profile;
    },
    dispose: async () => {
      await this.answer('dispose');
      this.disposed = true;
    },
  };

  /** Nothing is answered until `unblock`. */
  block(): void {
    this.gate = new Promise((resolve) => (this.release = resolve));
  }

  unblock(): void {
    this.gate = undefined;
    this.release?.();
  }

  lose(): void {
    this.end({ reason: 'target-ended' });
  }

  private async readHeap(how: string): Promise<V8HeapProfile> {
    assert.ok(this.heap, 'the heap sampler runs');
    await this.answer(`${how} ${this.heap}`);
    return heapProfile({ 'main@/a.js:0': 10 });
  }

  private number(title: string): number {
    if (!this.titles.includes(title)) this.titles.push(title);
    return this.titles.indexOf(title) + 1;
  }

  private async answer(call: string): Promise<void> {
    assert.ok(!this.busy, `${call} was asked before the answer to ${this.calls.at(-1)}`);
    this.busy = true;
    this.calls.push(call);
    await (this.gate ?? delay(1));
    this.busy = false;
  }
}

const options: InstrumentOptions = {
  interruptBudget: 0,
  cpuIntervalUs: 1_000,
  heapIntervalBytes: 32_768,
  memory: 'off',
  refreshMs: 5,
};

describe('the instruments of one isolate', () => {
  let isolate: FakeIsolate;
  let got: string[];
  let scheduler: Scheduler | undefined;

  const start = async (change: Partial<InstrumentOptions> = {}): Promise<Scheduler> => {
    scheduler = await startMeasuring(
      isolate.channel,
      isolate.backend,
      { ...options, ...change },
      {
        windows: {
          cpu: ({ profile }) => void got.push(`cpu ${profile.samples!.length}`),
          heap: ({ measure, startMs, endMs }) => void got.push(`${measure} ${endMs >= startMs}`),
          interrupts: () => undefined,
        },
        responsive: (isResponsive) => void got.push(String(isResponsive)),
        problem: (text) => void got.push(text),
      },
    );
    return scheduler;
  };

  beforeEach(() => {
    isolate = new FakeIsolate();
    got = [];
  });
  afterEach(async () => {
    isolate.unblock();
    await scheduler?.stop();
    scheduler = undefined;
  });

  it('opens each window before it ends the last one', async () => {
    const measuring = await start();
    await until(() => got.length >= 4, 'four windows');
    await measuring.stop();
    const changes = isolate.calls.filter((call) => /^[+-]/.test(call));
    assert.deepEqual(changes.slice(0, 4), ['+1', '+2-1', '+3-2', '+4-3']);
    assert.equal(changes.at(-1), `-${changes.length - 1}`);
    assert.deepEqual(isolate.calls.slice(0, 3), ['memory', 'interval 1000', '+1']);
    assert.deepEqual([isolate.open.size, isolate.disposed], [0, true]);
    assert.equal(got.length, changes.length - 1, 'every window was delivered');
  });

  it('measures live and allocated bytes in turns that end with the run', async () => {
    const measuring = await start({ memory: 'both', endsAt: Date.now() + 300 });
    await until(() => isolate.heap === 'live', 'the live window');
    assert.deepEqual(
      isolate.calls.filter((call) => /heap|stop/.test(call)),
      ['heap allocated', 'stop allocated', 'heap live'],
    );
    await measuring.stop();
    assert.deepEqual(
      got.filter((each) => !each.startsWith('cpu')),
      ['allocated true', 'live true'],
    );
    assert.equal(isolate.heap, undefined);
  });

  it('reads live bytes while they are sampled, within the budget', async () => {
    const measuring = await start({ memory: 'live' });
    assert.equal(measuring.cost.nextHeapReadInMs! > 0, true);
    await until(() => got.includes('live true'), 'a read');
    assert.equal(isolate.heap, 'live');
    assert.ok(scheduler!.cost.heapReadMs! >= 0);
  });

  it('changes CPU windows while a heap window is overdue that would be dear to read', async function () {
    this.timeout(10_000);
    isolate.heapUsed = 2e9;
    isolate.backend.cheapLiveReads = false;
    await start({ memory: 'both', refreshMs: 100 });
    await until(() => got.length >= 42, 'windows beyond the end of the first heap window', 8_000);
    const before = got.length;
    await delay(1_000);
    assert.ok(got.length >= before + 5, `${got.length - before} windows in a second`);
    assert.deepEqual(
      isolate.calls.filter((call) => /heap|stop/.test(call)),
      ['heap allocated'],
    );
  });

  it('goes on after a window that failed or was lost', async () => {
    await start();
    await until(() => got.length >= 1, 'a window');
    isolate.nextChange = 'fails';
    await until(() => got.includes('V8 says no'), 'the problem');
    const before = got.length;
    await until(() => got.length > before, 'a window after it');
    isolate.nextChange = 'is lost';
    const later = got.length;
    await until(() => got.length > later + 1, 'windows after the lost one');
    assert.equal(got.filter((each) => !each.startsWith('cpu')).length, 1);
  });

  it('pauses, and begins anew by changed options', async () => {
    const measuring = await start({ memory: 'live' });
    await measuring.pause();
    const { length } = isolate.calls;
    assert.deepEqual([isolate.open.size, isolate.heap], [0, undefined]);
    await delay(40);
    assert.equal(isolate.calls.length, length, 'nothing is asked meanwhile');
    await measuring.restart({ cpuIntervalUs: 200, memory: 'allocated' });
    assert.equal(isolate.calls.includes('interval 200'), true);
    assert.equal(isolate.heap, 'allocated');
    const windows = got.length;
    await until(() => got.length > windows, 'a window after the pause');
  });

  for (const how of ['turn', 'restart'] as const) {
    it(`has one timer after a ${how} in the middle of a refresh`, async () => {
      const timers = (): number => process.getActiveResourcesInfo().filter((each) => each === 'Timeout').length;
      await delay(1); // mocha's own timer begins to run
      const before = timers();
      const measuring = await start();
      await until(() => got.length >= 1, 'a window');
      isolate.block();
      const { length } = isolate.calls;
      await until(() => isolate.calls.length > length, 'a refresh is under way');
      const changed = measuring[how]({ refreshMs: 60_000 });
      isolate.unblock();
      await changed;
      assert.equal(timers() - before, 1, 'the timer of the refresh is not left beside the next one');
      await delay(60);
      assert.equal(timers() - before, 1);
    });
  }

  it('opens nothing when it is refreshed during a pause', async () => {
    const measuring = await start();
    await measuring.pause();
    await measuring.refresh();
    assert.equal(isolate.open.size, 0);
  });

  it('turns: what comes afterwards was measured afterwards', async () => {
    const measuring = await start({ memory: 'both', refreshMs: 60_000 });
    await measuring.turn({ memory: 'off' });
    assert.deepEqual(got, ['cpu 1', 'allocated true']);
    assert.deepEqual([isolate.open.size, isolate.heap], [1, undefined]);
    await measuring.turn({ memory: 'allocated' });
    assert.deepEqual(got, ['cpu 1', 'allocated true', 'cpu 1']);
    assert.equal(isolate.heap, 'allocated');
  });

  it('asks nothing more of a target that has gone', async () => {
    const measuring = await start();
    isolate.lose();
    await delay(20);
    const { length } = isolate.calls;
    await delay(40);
    assert.equal(isolate.calls.length, length);
    await measuring.stop();
    assert.equal(isolate.calls.length, length);
  });

  it('gathers no backlog while the target is blocked, and stops without it', async function () {
    this.timeout(30_000);
    const measuring = await start();
    await until(() => got.length >= 1, 'a window');
    isolate.block();
    await delay(50);
    const { length } = isolate.calls;
    await delay(200);
    assert.equal(isolate.calls.length, length);
    await measuring.stop();
    assert.equal(isolate.calls.length, length, 'a stop waits its turn, and not forever');
  });

  it('tells what it costs', async () => {
    await start();
    await until(() => got.length >= 2, 'two windows');
    const { startStallMs, refreshMs, refreshMaxMs, heapReadShare, heapUsedBytes, externalBytes } = scheduler!.cost;
    assert.deepEqual(
      [startStallMs, refreshMs, refreshMaxMs, heapReadShare, heapUsedBytes, externalBytes],
      [2, 2, 2, 0, 20e6, 1e6],
    );
  });
});

describe('CPU windows', () => {
  it('have titles that no other Heatlens uses', async () => {
    const titles: string[] = [];
    const backend = {
      ...new FakeIsolate().backend,
      changeCpuWindow: ({ next }: { next?: string }) => {
        titles.push(next!);
        return Promise.resolve({ targetMs: 1 });
      },
    };
    await createCpuWindows(backend).start(1_000);
    await createCpuWindows(backend).start(1_000);
    assert.equal(new Set(titles).size, 2);
  });

  it('are not ended when none is open', async () => {
    const isolate = new FakeIsolate();
    const windows = createCpuWindows(isolate.backend);
    assert.equal(await windows.stop(), undefined);
    assert.deepEqual(isolate.calls, []);
    assert.equal(await windows.start(500), 2);
    assert.equal(windows.isOpen, true);
    const window = await windows.stop();
    assert.ok(window && window.endMs >= window.startMs);
    assert.equal(windows.isOpen, false);
  });
});
