import assert from 'node:assert/strict';
import type { FrameResolution, MethodResolver } from '../../../../src/core/heat/methodResolver';
import type { Frame } from '../../../../src/core/profile/frame';
import { frameSources, sourcePlace } from '../../../../src/core/flame/frameSources';
import { lineResolver } from '../../../support/lineResolver';

function frame(functionName: string, url: string, line = 3): Frame {
  return { functionName, url, line, column: 1, scriptId: '9' };
}

function unmapped(resolution: FrameResolution): MethodResolver {
  return { ...lineResolver({}), resolveFrame: () => resolution };
}

const shop = lineResolver({
  '/app/cart.ts': [
    { name: 'total', lines: [4, 9] },
    { name: 'add', lines: [11, 12] },
  ],
});

describe('sources of frames', () => {
  it('are columns of files, lines and packages, with names where the source has another', () => {
    const frames = [
      frame('total', '/app/cart.ts'),
      frame('missing', '/app/cart.ts'),
      frame('get', 'file:///app/node_modules/express/lib/router.js'),
      frame('readFile', 'node:fs'),
      frame('add', '/app/cart.ts'),
    ];
    const sources = frameSources(frames, 100, () => shop, []);
    assert.equal(sources.first, 100);
    assert.deepEqual(sources.files, ['/app/cart.ts']);
    assert.deepEqual(Array.from(sources.file), [0, -1, -1, -1, 0]);
    assert.deepEqual(Array.from(sources.line), [4, -1, -1, -1, 11]);
    assert.deepEqual(sources.packages, ['express']);
    assert.deepEqual(Array.from(sources.package), [-1, -1, 0, -1, -1]);
    assert.deepEqual(sources.names, {});
  });

  it('carry the name of the source by the frame’s number in the profile', () => {
    const renamed: MethodResolver = { ...shop, resolveFrame: () => ({ method: 0 }) };
    assert.deepEqual(frameSources([frame('t', '/app/bundle.js')], 7, () => renamed, []).names, { 7: 'total' });
  });

  it('ask the resolver of each frame’s own target', () => {
    const other = lineResolver({ '/app/cart.ts': [{ name: 'total', lines: [40, 41] }] });
    const { line } = frameSources(
      [frame('total', '/app/cart.ts'), frame('total', '/app/cart.ts')],
      5,
      (index) => (index === 5 ? shop : other),
      [],
    );
    assert.deepEqual(Array.from(line), [4, 40]);
  });

  it('say why there is none: of native code, of Node’s own, and of what cannot be mapped', () => {
    const problem = (each: Frame, resolver = shop): string => {
      const place = sourcePlace(each, resolver, []);
      assert.ok('problem' in place);
      return place.problem;
    };
    assert.match(problem(frame('readFile', 'node:fs')), /node:fs is Node’s own JavaScript/);
    assert.match(
      problem({ functionName: '(garbage collector)', url: '', line: -1, column: -1, scriptId: '0' }),
      /native code/,
    );
    assert.match(problem(frame('x', 'wasm://wasm/1')), /WebAssembly/);
    assert.equal(
      problem(frame('x', 'file:///gone.js'), unmapped({ reason: 'no-file', detail: '/gone.js does not exist' })),
      'The file is not on this machine; a path mapping may help: /gone.js does not exist',
    );
  });

  it('offer the script as it runs where only its source is missing', () => {
    const place = sourcePlace(frame('x', 'file:///app/dist/b.js', 12), unmapped({ reason: 'source-missing' }), [
      { remote: '/app', local: '/home/me/app' },
    ]);
    assert.deepEqual('problem' in place && place.generated, { file: '/home/me/app/dist/b.js', line: 12, column: 1 });
    const gone = sourcePlace(frame('x', 'file:///app/dist/b.js', 12), unmapped({ reason: 'no-file' }), []);
    assert.equal('problem' in gone && gone.generated, undefined);
  });

  it('take another language’s file for its own source', () => {
    const place = sourcePlace(
      frame('main.handle', '/go/src/main.go', 41),
      unmapped({ reason: 'unsupported-language' }),
      [],
    );
    assert.deepEqual(place, { file: '/go/src/main.go', line: 41, column: 1 });
  });
});
