import assert from 'node:assert/strict';
import type { MethodHeat } from '../../../../src/core/heat/heatSnapshot';
import type { HoverContext } from '../../../../src/editor/hover/hoverMarkdown';
import { hoverCommands, lineHover, methodHover } from '../../../../src/editor/hover/hoverMarkdown';
import { escapeMarkdown } from '../../../../src/core/words/markdown';
import { interval, memorySummary, method, methodHeat, snapshot } from '../../../support/heatBuilder';

const caller = methodHeat({ method: method('<b>[x](command:evil)'), index: 7 }, { totalMs: 30_000, totalShare: 0.75 });
const hot: MethodHeat = {
  ...methodHeat(
    { method: method('Cart.total', 10) },
    { selfMs: 12_400, totalMs: 20_000, selfShare: 0.31, totalShare: 0.5 },
    { liveBytes: 3_000_000, totalLiveBytes: 6_000_000, allocatedBytes: 20_000_000, totalAllocatedBytes: 20_000_000 },
  ),
  lines: [
    { line: 12, selfMs: 8_000, selfShare: 0.2 },
    { line: 11, selfMs: 4_400, selfShare: 0.11 },
  ],
  callers: [
    { method: 0, name: 'caller', totalMs: 30_000, totalShare: 0.75 },
    { method: -1, name: '(event loop)', totalMs: 400, totalShare: 0.01 },
  ],
};
const measured = snapshot({
  methods: [caller, hot],
  memory: memorySummary({
    liveBytes: 12_000_000,
    allocatedBytes: 40_000_000,
    allocatedWindowMs: 4_000,
    liveInterval: interval,
    allocatedInterval: interval,
  }),
});

function hover(change: Partial<HoverContext> = {}, heat = hot): string {
  return methodHover(heat, {
    snapshot: measured,
    heapIntervalBytes: 131_072,
    memoryPending: true,
    now: 42_000,
    stale: false,
    lineShift: 0,
    ...change,
  });
}

describe('hover of a method', () => {
  it('has self, total, live and allocated with their errors and intervals', () => {
    const text = hover();
    assert.match(text, /^\*\*Cart\.total\*\* · ≈ approximate\n/);
    assert.match(text, /\| CPU self \| 31\.0 % · 12 s \|/);
    assert.match(text, /\| CPU total \| 50\.0 % · 20 s \|/);
    assert.match(
      text,
      /\| Live \| 3\.0 MB, with callees 6\.0 MB \\\(25 % of all\\\), allocated in the last 40 s and still alive \|/,
    );
    assert.match(text, /\| Allocated \| 20 MB \\\(50 % of all\\\) in 4 s \|/);
    assert.match(text, /40,000 samples \(last 40 s\)\./);
  });

  it('says what it waited, itself and below, only where it did', () => {
    const waiting = (selfWaitingMs: number, totalWaitingMs: number): MethodHeat => ({
      ...hot,
      cpu: { ...hot.cpu, selfWaitingMs, totalWaitingMs },
    });
    assert.match(
      hover({}, waiting(1_200, 1_200)),
      /\| Waited \| 1\.2 s, blocked outside of JavaScript: no CPU time \|/,
    );
    assert.match(hover({}, waiting(200, 1_200)), /\| Waited \| 1\.2 s, blocked .*; 200 ms of it by itself \|/);
    assert.doesNotMatch(hover(), /Waited/);
  });

  it('says why it is the code that runs and not its source, as text', () => {
    const source = {
      ...hot.source,
      generated: { reason: 'no-source-map' as const, detail: '[x](command:evil) is missing' },
    };
    const text = hover({}, { ...hot, source });
    assert.ok(text.includes(escapeMarkdown('Generated code, not its source: [x](command:evil) is missing.')), text);
    assert.doesNotMatch(hover(), /Generated code/);
  });

  it('says unknown, not 0, before the first window of memory', () => {
    const text = hover({ snapshot: { ...measured, memory: memorySummary() } });
    assert.match(text, /\| Live \| unknown until its first window was read \|/);
    assert.doesNotMatch(hover({ snapshot: { ...measured, memory: memorySummary() }, memoryPending: false }), /Live/);
  });

  it('links the hottest lines where they stand now, unless the method was edited', () => {
    assert.match(
      hover({ lineShift: 5 }),
      /Hottest lines: \[18\]\(command:heatlens\.goToMethod\?[^)]+\) \(20\.0 %\), \[17\]/,
    );
    assert.doesNotMatch(hover({ stale: true }), /Hottest lines/);
    assert.match(hover({ stale: true }), /edited after it was measured/);
    assert.doesNotMatch(hover({ lineShift: undefined }), /Hottest lines/);
  });

  it('strikes out nothing where several shares are rough', () => {
    const lines = [12, 14, 15].map((line) => ({ line, selfMs: 80, selfShare: 0.002 }));
    const callers = hot.callers.map((edge) => ({ ...edge, totalShare: 0.002 }));
    const few = { ...measured, cpu: { ...measured.cpu, samples: 500 } };
    const text = hover({ snapshot: few }, { ...hot, lines, callers });
    assert.equal(text.match(/\\~0\.2 %/g)?.length, 5);
    assert.doesNotMatch(text.replaceAll('\\~', ''), /~/);
  });

  it('links callers that are methods and names the others; a link carries file and index', () => {
    const text = hover();
    const [, query] = /Called by: \[.*?\]\(command:heatlens\.goToMethod\?([^)]+)\) 75\.0 %/.exec(text)!;
    assert.deepEqual(JSON.parse(decodeURIComponent(query)), ['/app/cart.ts', 7]);
    assert.match(text, /\\\(event loop\\\) 1\.0 %/);
  });

  it('lets no name act as Markdown, HTML or a link', () => {
    const text = hover();
    assert.doesNotMatch(text, /<b>/);
    assert.match(text, /&lt;b&gt;\\\[x\\\]\\\(command:evil\\\)/);
    const commands = [...text.matchAll(/\]\(command:([\w.]+)/g)].map((match) => match[1]);
    assert.deepEqual(
      commands.filter((command) => !hoverCommands.includes(command)),
      [],
    );
    assert.equal(escapeMarkdown('a|b\nc'), 'a\\|b c');
  });

  it('has the bound of a calibrated method, the samples behind it, and what both mean', () => {
    const text = hover({}, { ...hot, accuracy: 'calibrated', bound: 0.021 });
    assert.match(text, /^\*\*Cart\.total\*\* · calibrated\n/);
    assert.match(text, /\| CPU self \| 31 ± 2 % · 12 s \|/);
    assert.match(text, /\| CPU total \| 50 % · 20 s \|/);
    assert.match(text, /\| Live \| ≈3\.0 MB/);
    assert.match(text, /40,000 samples \(last 40 s\)\. Calibrated: .* within ± 2\.1 points, 95 times in 100\./);
  });

  it('says of exact numbers what they are of, and offers them nowhere as the truer ones', () => {
    const exact = hover({}, { ...hot, accuracy: 'exact' });
    assert.match(exact, /^\*\*Cart\.total\*\* · exact\n/);
    assert.match(exact, /Exact: measured while V8 inlined nothing, which makes another program of it/);
    for (const text of [hover(), exact]) assert.doesNotMatch(text, /measureExactly/);
  });

  it('is one line for a hot line, with the accuracy of its method', () => {
    assert.equal(lineHover(0.2, measured, 'approximate'), '$(flame) 20.0 % of the CPU time on this line ≈');
    assert.equal(lineHover(0.2, measured, 'calibrated'), '$(flame) 20.0 % of the CPU time on this line');
  });
});
