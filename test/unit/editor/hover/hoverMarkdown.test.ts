import assert from 'node:assert/strict';
import type { MethodHeat } from '../../../../src/core/heat/heatSnapshot';
import type { HoverContext } from '../../../../src/editor/hover/hoverMarkdown';
import { escapeMarkdown, hoverCommands, lineHover, methodHover } from '../../../../src/editor/hover/hoverMarkdown';
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
    canMeasureExactly: true,
    ...change,
  });
}

describe('hover of a method', () => {
  it('has self, total, live and allocated with their errors and intervals', () => {
    const text = hover();
    assert.match(text, /^\*\*Cart\.total\*\* ≈/);
    assert.match(text, /\| CPU self \| 31\.0 % ± 0\.5 · 12 s \|/);
    assert.match(text, /\| CPU total \| 50\.0 % ± 0\.5 · 20 s \|/);
    assert.match(
      text,
      /\| Live \| 3\.0 MB, with callees 6\.0 MB \\\(25 % of all\\\), allocated in the last 40 s and still alive \|/,
    );
    assert.match(text, /\| Allocated \| 20 MB \\\(50 % of all\\\) in 4 s \|/);
    assert.match(text, /40,000 samples \(last 40 s\)\./);
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

  it('offers exact mode while approximate and possible', () => {
    assert.match(hover(), /\[Measure exactly\]\(command:heatlens\.measureExactly\)/);
    assert.doesNotMatch(hover({ canMeasureExactly: false }), /\[Measure exactly\]/);
    const exact = hover({ snapshot: { ...measured, accuracy: 'exact' } });
    assert.doesNotMatch(exact, /\[Measure exactly\]/);
    assert.match(exact, /\*\*Cart\.total\*\* · exact/);
  });

  it('is one line for a hot line', () => {
    assert.equal(lineHover(0.2, measured), '$(flame) 20.0 % ± 0.4 of the CPU time on this line ≈');
  });
});
