import assert from 'node:assert/strict';
import { createView } from '../../../../src/core/flame/view/createView';
import { layoutLeftHeavy } from '../../../../src/core/flame/layouts/layoutLeftHeavy';
import { drawSvg, xml, type SvgOptions } from '../../../../src/core/flame/svg';
import { defaultViewOptions } from '../../../../src/core/flame/view/viewOptions';
import type { ProfileColumns } from '../../../../src/core/profile/profileColumns';
import { columnsOf } from '../../../support/columnsBuilder';
import { assertWellFormed } from '../../../support/wellFormed';

function draw(columns: ProfileColumns, options: Partial<SvgOptions> = {}): string {
  const view = createView(columns, defaultViewOptions);
  return [
    ...drawSvg(layoutLeftHeavy(view, view.frames), view.frames, {
      title: columns.title,
      measure: view.measure,
      ...options,
    }),
  ].join('');
}

/** x, y and width of the box with this tooltip. */
function boxOf(svg: string, name: string): number[] {
  const match = new RegExp(`<title>${name}: [^<]*</title><rect x="([\\d.]+)" y="(\\d+)" width="([\\d.]+)"`).exec(svg);
  assert.ok(match, `no box of ${name}`);
  return match.slice(1).map(Number);
}

describe('drawSvg', () => {
  const columns = columnsOf(
    { 'main@/a.js:0 > hot@/a.js:9': 7_500, 'main@/a.js:0': 2_000, 'cold@/a.js:20': 500 },
    { title: 'app.cpuprofile' },
  );

  it('draws each box where the layout has it, with a tooltip', () => {
    const svg = draw(columns, { width: 1024 });
    assertWellFormed(svg);
    assert.deepEqual(boxOf(svg, '\\(root\\)'), [12, 40, 999.5]);
    assert.deepEqual(boxOf(svg, 'main'), [12, 58, 949.5]);
    assert.deepEqual(boxOf(svg, 'hot'), [12, 76, 749.5]);
    assert.deepEqual(boxOf(svg, 'cold'), [962, 58, 49.5]);
    assert.match(svg, /<title>main: 9\.5 ms \(95 %\), self 2 ms\n\/a\.js:1<\/title>/);
    assert.match(svg, /<text [^>]*>hot<\/text>/);
    assert.match(svg, />app\.cpuprofile<\/text>/);
    assert.match(svg, /CPU time: 10 ms/);
    assert.match(svg, /prefers-color-scheme:dark/);
  });

  it('puts callers at the bottom when asked to, and takes colours', () => {
    const svg = draw(columns, { width: 1024, upsideDown: true, fill: () => '#000080' });
    assertWellFormed(svg);
    assert.deepEqual([boxOf(svg, 'hot')[1], boxOf(svg, '\\(root\\)')[1]], [40, 76]);
    assert.match(svg, /fill="#000080"\/><text [^>]*fill="#ffffff">main/);
  });

  it('draws neighbours that are too narrow as one, and nothing where all of them are', () => {
    const many = columnsOf({
      'a@/a.js:0': 5_000,
      ...Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`f${i}@/a.js:${i + 1}`, 1])),
    });
    const svg = draw(many, { width: 1024, minWidth: 1 });
    assertWellFormed(svg);
    assert.equal(svg.match(/<rect x=/g)?.length, 2);
    assert.match(
      svg,
      /<title>5000 narrow boxes: 5 ms \(50 %\)<\/title><rect class="narrow" x="512" y="58" width="500" /,
    );
    const sparse = columnsOf({
      'a@/a.js:0': 1e6,
      'b@/a.js:1': 1,
      'a@/a.js:0 > c@/a.js:2': 1,
      'a@/a.js:0 > d@/a.js:3': 1,
    });
    assert.doesNotMatch(draw(sparse), /class="narrow"|>[bcd]: /);
  });

  it('leaves out what is too deep, and says so', () => {
    const deep = columnsOf({ [Array.from({ length: 50 }, (_, i) => `f${i}@/a.js:${i}`).join(' > ')]: 1 });
    const svg = draw(deep, { maxRows: 10 });
    assert.equal(svg.match(/<rect x=/g)?.length, 10);
    assert.match(svg, /41 deeper rows are not drawn\./);
  });

  it('stays well-formed and without a tag or script of its own, whatever the names are', () => {
    const names = [
      '</title><script>alert(1)</script>',
      '"><svg onload=x>',
      '&amp;&#0;',
      ']]>',
      'a\u0000b\u0007',
      '\ud800x\udc00',
      '\u202egnp.exe',
      'x'.repeat(10_000),
      '\ufffe',
      '😀'.repeat(400),
      "' onmouseover='x",
    ];
    const nasty = columnsOf(Object.fromEntries(names.map((name) => [`${name}@/${name}.js:1`, 100])), {
      title: names.join(''),
    });
    const svg = draw(nasty);
    assertWellFormed(svg);
    assert.doesNotMatch(svg, /<script|<svg onload|\sonmouseover='/);
    assert.deepEqual(
      svg.match(/<\/?[a-z]+/g)!.filter((tag) => !/^<\/?(svg|title|style|rect|text|g)$/.test(tag)),
      [],
    );
  });

  it('draws nothing of a profile without values', () => {
    assertWellFormed(draw(columnsOf({})));
  });
});

describe('xml', () => {
  it('keeps pairs of surrogates and replaces halves', () => {
    assert.equal(xml('😀\ud83d😀\ude00'), '😀\ufffd😀\ufffd');
  });
});
