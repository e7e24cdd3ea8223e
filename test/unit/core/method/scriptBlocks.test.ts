import assert from 'node:assert/strict';
import { indexMethods } from '../../../../src/core/method/methodIndex';
import { codeIn } from '../../../../src/core/method/scriptBlocks';

/** `name:line` (1-based) of all but the top level. */
function methodsIn(text: string, fileName: string): string[] {
  return indexMethods(text, fileName)
    .methods.slice(1)
    .map(({ qualifiedName, nameStart }) => `${qualifiedName}:${nameStart.line + 1}`);
}

describe('code of components', () => {
  it('of Vue is in script blocks, at its lines', () => {
    const text = [
      '<!-- <script> function no() {} </script> -->',
      '<template><p @click="function no() {}">{{ heavy() }}</p></template>',
      '<script lang="ts" setup generic="T extends List<U>">',
      'function heavy(n: number): number { return n; }',
      '</script>',
      '<style>.a { color: red; }</style>',
      '<script type="application/json">{"no": "function no() {}"}</script>',
      "<SCRIPT>export const light = () => 'x';</SCRIPT>",
      '<scripted>function no() {}</scripted>',
    ].join('\r\n');
    assert.deepEqual(methodsIn(text, '/app/Hot.vue'), ['heavy:4', 'light:8']);
    assert.equal(codeIn(text, 'Hot.vue').length, text.length);
  });

  it('of Svelte has modules and instances', () => {
    const text =
      '<script module>\nexport function load() {}\n</script>\n<script>\nlet f = () => 1;\n</script>\n<p>{f()}</p>\n';
    assert.deepEqual(methodsIn(text, '/app/Hot.svelte'), ['load:2', 'f:5']);
  });

  it('of Astro stands between fences as well', () => {
    const text =
      '---\nfunction rank(n: number) { return n; }\n---\n<p>{rank(1)}</p>\n<script>\nfunction late() {}\n</script>\n';
    assert.deepEqual(methodsIn(text, '/app/hot.astro'), ['rank:2', 'late:6']);
    assert.deepEqual(methodsIn('<p>---</p>\n', '/app/hot.astro'), []);
    assert.deepEqual(methodsIn('---\nfunction open() {}\n', '/app/hot.astro'), []);
  });

  it('that is cut off is none, and other files are all code', () => {
    for (const text of ['<script', '<script a="', '<script>function f() {}', '<!-- <script>f()</script>'])
      assert.equal(codeIn(text, 'x.vue').trim(), '', text);
    assert.equal(codeIn('<script>f()</script>', 'x.jsx'), '<script>f()</script>');
  });

  it('is found in time that grows with the text', () => {
    for (const part of ['<script ', '<script>', '<!--', '</script ', '<script>" ', "<script '"])
      codeIn(part.repeat(200_000), 'x.vue');
  });
});
