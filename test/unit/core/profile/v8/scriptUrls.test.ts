import assert from 'node:assert/strict';
import { readV8Cpu } from '../../../../../src/core/profile/v8/readV8';
import { cpuColumnsOf } from '../../../../../src/core/profile/v8/v8Columns';

const node = (id: number, functionName: string, scriptId: unknown, url: unknown, children: number[] = []) => ({
  id,
  callFrame: { functionName, scriptId, url, lineNumber: id, columnNumber: 0 },
  hitCount: 1,
  children,
});

describe('frames of a profile', () => {
  it('without a URL have that of other frames of their script', () => {
    const nodes = [
      node(1, '(root)', '0', '', [2, 3, 4, 5]),
      node(2, 'load', 7, '/app/hot.ts'),
      node(3, 'hot', '7', ''),
      node(4, 'evaluated', '8', ''),
      node(5, 'native', '0', undefined),
    ];
    const { frames } = readV8Cpu(cpuColumnsOf({ nodes, startTime: 0, endTime: 100 } as never), 'x');
    const urls = Object.fromEntries(frames.map(({ functionName, url }) => [functionName, url]));
    assert.deepEqual(urls, { '(root)': '', load: '/app/hot.ts', hot: '/app/hot.ts', evaluated: '', native: '' });
  });
});
