import assert from 'node:assert/strict';
import { isBundlerRuntime, scriptPath, sourceLocations } from '../../../../src/core/source/sourceLocations';

describe('places of sources', () => {
  it('are few, however deep the path is', () => {
    const context = { generatedPath: `/${'g/'.repeat(2_000)}x.js`, roots: ['/w', '/v'], pathMappings: [] };
    for (const source of [`file:///${'a/'.repeat(2_000)}x.ts`, `webpack://x/${'a/'.repeat(2_000)}x.ts`])
      assert.ok(sourceLocations(source, context).length <= 60, `${sourceLocations(source, context).length}`);
  });

  const context = { generatedPath: '/code/shop/dist/main.js', roots: ['/code'], pathMappings: [] };
  const check = (source: string, first: string, other?: Partial<Parameters<typeof sourceLocations>[1]>): void =>
    assert.equal(sourceLocations(source, { ...context, ...other })[0], first);
  const finds = (source: string, place: string, other?: Partial<Parameters<typeof sourceLocations>[1]>): void =>
    assert.ok(
      sourceLocations(source, { ...context, ...other }).includes(place),
      sourceLocations(source, { ...context, ...other }).join(),
    );

  it('are the paths themselves, mapped first', () => {
    check('file:///code/shop/src/x.ts', '/code/shop/src/x.ts');
    check('file:///app/src/x.ts', '/home/me/src/x.ts', { pathMappings: [{ remote: '/app', local: '/home/me' }] });
    finds('file:///code/a%20b.ts', '/code/a b.ts');
    finds('file:///code/c#/x.ts', '/code/c#/x.ts');
  });

  it('of another machine are looked for under the roots', () => {
    finds('file:///home/ci/shop/src/x.ts', '/code/shop/src/x.ts');
    finds('file:///C:/ci/src/x.ts', '/code/src/x.ts');
    assert.ok(
      !sourceLocations('file:///home/ci/shop/src/x.ts', context).includes('/code/x.ts'),
      'a file name alone says too little',
    );
  });

  it('of bundlers are looked for around the bundle, then under the roots', () => {
    finds('webpack://shop/src/x.ts', '/code/shop/src/x.ts');
    finds('webpack:///src/x.ts', '/code/src/x.ts');
    finds('webpack://shop/src/x.vue?a1b2', '/code/shop/src/x.vue');
    finds('webpack:///home/me/x.ts', '/home/me/x.ts');
    finds('webpack:///~/lodash/index.js', '/code/node_modules/lodash/index.js');
    finds('turbopack:///[project]/src/x.ts', '/code/src/x.ts');
    finds('webpack://@scope/name/src/x.ts', '/code/shop/src/x.ts');
    finds('webpack://shop/lib/x.ts', '/lib/x.ts');
  });

  it('of the web are looked for under the roots and beside the script, and never above them', () => {
    finds('https://raw.example.com/owner/shop/a1b2/src/x.ts?token=1', '/code/src/x.ts');
    finds('https://raw.example.com/owner/shop/a1b2/src/x%20y.ts', '/code/shop/src/x y.ts');
    assert.deepEqual(sourceLocations('https://example.com/a/%2e%2e%2f..%2fetc/x.ts', context), []);
    const deep = { ...context, generatedPath: `/${'g/'.repeat(2_000)}x.js` };
    assert.ok(sourceLocations(`https://example.com/${'a/'.repeat(2_000)}x.ts`, deep).length <= 60);
  });

  it('are none for code of the bundler, and for a name that is nothing but that of a file of the web', () => {
    assert.deepEqual(sourceLocations('webpack://shop/webpack/bootstrap', context), []);
    assert.deepEqual(sourceLocations('https://example.com/x.js', context), []);
    assert.deepEqual(sourceLocations('', context), []);
    assert.ok(isBundlerRuntime('webpack://shop/webpack/runtime/define property getters'));
    assert.ok(isBundlerRuntime('webpack://shop/external node-commonjs "fs"'));
    assert.ok(!isBundlerRuntime('webpack://shop/src/webpack/x.ts'));
  });

  it('of scripts follow path mappings', () => {
    const mappings = [{ remote: '/app', local: '/home/me/shop' }];
    assert.equal(scriptPath('file:///app/dist/x.js', mappings), '/home/me/shop/dist/x.js');
    assert.equal(scriptPath('/app/dist/x.js', mappings), '/home/me/shop/dist/x.js');
    assert.equal(scriptPath('file:///other/x.js', mappings), '/other/x.js');
    assert.equal(scriptPath('evalmachine.<anonymous>', mappings), undefined);
  });
});
