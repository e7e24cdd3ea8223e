import assert from 'node:assert/strict';
import { createFunctionKeys, NOBODY } from '../../../../../src/core/heat/inlining/functionKeys';
import { InterruptLog } from '../../../../../src/core/measurement/interruptLog';
import { FrameTable } from '../../../../../src/core/profile/frameTable';
import { lineResolver } from '../../../../support/lineResolver';
import { callFrame } from '../../../../support/profileBuilder';

function tableOf(frames: readonly string[]): FrameTable {
  const table = new FrameTable();
  for (const frame of frames) table.intern(callFrame(frame));
  return table;
}

describe('keys of functions', () => {
  const resolver = lineResolver({ '/a.js': [{ name: 'main', lines: [0, 9] }] });
  const timers = 'listOnTimeout@node:internal/timers:500';
  const emit = 'emit@node:events:400';

  it('are the same in all trees of an isolate, whatever the order of their frames', () => {
    const own = tableOf([timers, 'main@/a.js:0', emit]);
    const keys = createFunctionKeys(resolver, own, new InterruptLog());
    const [timersKey, mainKey, emitKey] = keys.ofFrames();
    assert.deepEqual(keys.ofTable(tableOf([emit, timers, 'main@/a.js:0'])), [emitKey, timersKey, mainKey]);
    assert.equal(new Set([timersKey, mainKey, emitKey]).size, 3);
  });

  it('are those of interrupted places, too, and nobody’s for builtins and what measuring runs', () => {
    const log = new InterruptLog();
    const site = (
      text: string,
    ): { functionName: string; url: string; line: number; column: number; scriptId: string } => {
      const { functionName, url, lineNumber } = callFrame(text);
      return { functionName, url, line: lineNumber, column: 0, scriptId: '' };
    };
    log.add(['sort', 'main@/a.js:3', 'listOnTimeout@node:internal/timers:560', 'callSites@node:heatlens:0'].map(site));
    const keys = createFunctionKeys(resolver, tableOf([timers, 'main@/a.js:0']), log);
    const [timersKey, mainKey] = keys.ofFrames();
    assert.deepEqual(keys.ofSites(), [NOBODY, mainKey, timersKey, NOBODY]);
  });
});

describe('the log of interrupted stacks', () => {
  it('counts those that it has, and keeps no more than so many', () => {
    const log = new InterruptLog();
    const stack = (line: number) => [{ functionName: 'f', url: '/a.js', line, column: 0, scriptId: '' }];
    for (let line = 0; line < 20_000; line++) log.add(stack(line));
    const kept = log.stacks.length;
    assert.ok(kept < 20_000 && log.frames.length === kept && log.count === kept);
    log.add(stack(3));
    log.add(stack(19_999));
    assert.deepEqual([log.stacks[3].count, log.stacks.length, log.frames.length, log.count], [2, kept, kept, kept + 1]);
  });
});
