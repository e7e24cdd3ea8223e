import assert from 'node:assert/strict';
import type { FlameState } from '../../../../src/core/protocol/flame';
import { explainHostGuards, explainPageGuards } from '../../../../src/core/protocol/explainGuards';
import { flameHostGuards, flamePageGuards, isFlameState } from '../../../../src/core/protocol/flameGuards';
import { keyOfState, readPageData } from '../../../../src/core/protocol/page';

const state: FlameState = {
  version: 1,
  view: 'inverted',
  options: { measure: 0, mergeRecursion: true, foldPackages: false, hideInternals: false, hideIdle: true },
  colour: 'package',
  search: { query: 'score', isRegExp: false, matchCase: false },
  normalised: false,
  focus: ['a', 'b'],
  zoom: { from: 0.25, to: 0.5, row: 3 },
  sort: { column: 'self', descending: true },
};
const place = { functionName: 'f', url: '/a.js', line: -1, column: 0 };

describe('what pages and editor accept of each other', () => {
  it('is what each message says of itself', () => {
    const { events } = flameHostGuards;
    assert.ok(events.ready({ type: 'ready' }));
    assert.ok(events.state({ type: 'state', state }));
    assert.ok(events.openSource({ place, toSide: true }));
    assert.ok(events.selected({ place: undefined }));
    assert.ok(events.askExport({}) && events.askExport({ format: 'svg' }));
    assert.ok(flamePageGuards.events.command({ command: { name: 'view', view: 'table' } }));
    assert.ok(flamePageGuards.events.command({ command: { name: 'find' } }));
    assert.ok(explainHostGuards.events.setHole({ name: 'minimum', value: null }));
    assert.ok(explainPageGuards.events.progress({ of: 'trial', text: undefined }));
  });

  it('is nothing else', () => {
    const { events } = flameHostGuards;
    assert.ok(!events.openSource({ place: { ...place, line: Number.NaN }, toSide: true }));
    assert.ok(!events.openSource({ place: { ...place, url: 'x'.repeat(10_000_001) }, toSide: true }));
    assert.ok(!events.openSource({ place: [place], toSide: true }));
    assert.ok(!events.chooseProfile({ index: -1 }));
    assert.ok(!events.chooseProfile({ index: 0.5 }));
    assert.ok(!events.askExport({ format: 'exe' }));
    assert.ok(!flamePageGuards.events.command({ command: { name: 'view' } }));
    assert.ok(!flamePageGuards.events.profile({ data: [1], live: false, titles: [], active: 0 }));
    assert.ok(!explainHostGuards.events.setHole({ name: 'minimum', value: 7 }));
    assert.ok(!explainHostGuards.events.act({ action: 'dropDatabase' }));
    assert.ok(!explainHostGuards.events.copy({ what: 'constructor' }));
  });

  it('is a state of this version only, whole', () => {
    assert.ok(isFlameState(state));
    assert.ok(isFlameState({ ...state, key: 'of the panel' }));
    assert.ok(!isFlameState({ ...state, version: 2 }));
    assert.ok(!isFlameState({ ...state, zoom: undefined }));
    assert.ok(!isFlameState(undefined));
  });
});

describe('the data in the document of a page', () => {
  it('are taken where they are what they should be', () => {
    assert.deepEqual(readPageData('{"key":"k","texts":{"a":"A"}}'), { key: 'k', texts: { a: 'A' } });
    assert.deepEqual(readPageData('{"key":7,"texts":{"a":7}}'), {});
    for (const none of [undefined, null, '', '[]', '7', '{']) assert.deepEqual(readPageData(none), {});
  });

  it('name what the panel shows, in the state that the page keeps', () => {
    assert.equal(keyOfState({ ...state, key: 'k' }), 'k');
    for (const none of [undefined, null, 'k', {}, { key: 7 }, { key: 'x'.repeat(201) }])
      assert.equal(keyOfState(none), undefined);
  });
});
