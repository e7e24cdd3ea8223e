import assert from 'node:assert/strict';
import { followMethods } from '../../../../src/core/method/followMethods';
import { indexMethods } from '../../../../src/core/method/methodIndex';

/** `expected`: per measured method but the module, `old -> new`, with `stale` or `gone` where it applies. */
function check(before: string, after: string, expected: string[], module: 'kept' | 'stale' = 'kept'): void {
  const measured = indexMethods(before, 'service.ts');
  const current = indexMethods(after, 'service.ts');
  const followed = followMethods(measured, current).map((found, i) => {
    const from = measured.methods[i].qualifiedName;
    if (!found) return `${from} gone`;
    return `${from} -> ${current.methods[found.index].qualifiedName}${found.stale ? ' stale' : ''}`;
  });
  assert.deepEqual(followed, [`(module) -> (module)${module === 'stale' ? ' stale' : ''}`, ...expected]);
}

const cart = `
class Cart {
  total() { return this.items.map((item) => item.price); }
  get size() { return this.items.length; }
}
function helper(a) { return a + 1; }
`;

const cartFollowed = [
  'Cart -> Cart',
  'Cart.total -> Cart.total',
  'Cart.total.this.items.map callback -> Cart.total.this.items.map callback',
  'Cart.size -> Cart.size',
  'helper -> helper',
];

function changed(list: string[], ...changes: [string, string][]): string[] {
  const result = list.map((entry) => changes.find(([from]) => entry.startsWith(`${from} -> `))?.[1] ?? entry);
  for (const [, to] of changes) assert.ok(result.includes(to), to);
  return result;
}

describe('followMethods', () => {
  it('follows an unchanged text', () => check(cart, cart, cartFollowed));

  it('follows methods below inserted lines and comments', () =>
    check(cart, `// one\n\n/* two */\n${cart.replace('get size', '// why\n  get size')}`, cartFollowed));

  it('takes new formatting for no change', () =>
    check(
      cart,
      cart.replaceAll('\n', '\r\n').replace('{ return a + 1; }', '{\r\n    return a + 1; // one\r\n}'),
      cartFollowed,
    ));

  it('marks a method whose body changed, and only it', () =>
    check(
      cart,
      cart.replace('length', 'length + 1'),
      changed(cartFollowed, ['Cart.size', 'Cart.size -> Cart.size stale']),
    ));

  it('counts a changed callback as a change of the method around it', () =>
    check(
      cart,
      cart.replace('item.price', 'item.price * 2'),
      changed(
        cartFollowed,
        ['Cart.total', 'Cart.total -> Cart.total stale'],
        [
          'Cart.total.this.items.map callback',
          'Cart.total.this.items.map callback -> Cart.total.this.items.map callback stale',
        ],
      ),
    ));

  it('does not mark a function because of a named one inside it', () =>
    check(
      'function outer() { function inner() { return 1; } const leaf = () => 1; return inner() + leaf(); }',
      'function outer() { function inner() { return 2; } const leaf = () => 2; return inner() + leaf(); }',
      ['outer -> outer', 'outer.inner -> outer.inner stale', 'outer.leaf -> outer.leaf stale'],
    ));

  it('marks a changed signature', () =>
    check('function f(a) { return a; }', 'function f(a, b) { return a; }', ['f -> f stale']));

  it('marks a function that became async or a generator', () => {
    check('function f(a) { return a; }', 'async function f(a) { return a; }', ['f -> f stale']);
    check('const f = (a) => a;', 'const f = async (a) => a;', ['f -> f stale']);
    check('function f(a) { return a; }', 'function* f(a) { return a; }', ['f -> f stale']);
  });

  it('follows a renamed function', () =>
    check(cart, cart.replace('helper', 'addOne'), changed(cartFollowed, ['helper', 'helper -> addOne'])));

  it('follows a renamed method', () =>
    check(
      cart,
      cart.replace('total()', 'sum()'),
      changed(
        cartFollowed,
        ['Cart.total', 'Cart.total -> Cart.sum'],
        [
          'Cart.total.this.items.map callback',
          'Cart.total.this.items.map callback -> Cart.sum.this.items.map callback',
        ],
      ),
    ));

  it('follows the methods of a renamed class, changed ones too', () =>
    check(cart, cart.replace('Cart', 'Basket').replace('length', 'length + 1'), [
      'Cart -> Basket',
      'Cart.total -> Basket.total',
      'Cart.total.this.items.map callback -> Basket.total.this.items.map callback',
      'Cart.size -> Basket.size stale',
      'helper -> helper',
    ]));

  it('follows reordered functions', () =>
    check(
      'function a() { return 1; }\nfunction b() { return 2; }\nfunction c() { return 3; }',
      'function c() { return 3; }\nfunction a() { return 1; }\nfunction b() { return 2; }',
      ['a -> a', 'b -> b', 'c -> c'],
    ));

  it('loses a deleted function, and no other', () =>
    check(
      'function a() { return 1; }\nfunction b() { return 2; }\nfunction c() { return 3; }',
      'function a() { return 1; }\nfunction c() { return 3; }',
      ['a -> a', 'b gone', 'c -> c'],
    ));

  it('does not take a new function for a deleted one', () =>
    check('function a() { return 1; }', 'function b(x) { return x; }', ['a gone']));

  it('tells functions of the same name apart by their text', () =>
    check(
      'if (x) { function f() { return 1; } } else { function f() { return 2; } }',
      'if (x) { function f() { return 2; } } else { function f() { return 1; } }',
      ['f -> f', 'f -> f'],
    ));

  it('follows the second of two equal names when the first is deleted', () => {
    const measured = indexMethods('{ function f() { one(); } }\n{ function f() { two(); } }', 'a.js');
    const current = indexMethods('\n\n{ function f() { two(); } }', 'a.js');
    assert.deepEqual(followMethods(measured, current).slice(1), [undefined, { index: 1, stale: false }]);
  });

  it('keeps the order of equal functions', () => {
    const measured = indexMethods('a.on(() => go());\na.on(() => go());\na.on(() => go());', 'a.js');
    const current = indexMethods('a.on(() => go());\n\na.on(() => stop());\na.on(() => go());', 'a.js');
    assert.deepEqual(
      followMethods(measured, current).map((found) => found?.index),
      [0, 1, 3, 2],
    );
  });

  it('follows callbacks whose name changed with their place', () =>
    check(
      "router.get('/items', (req, res) => { list(req, res); });\nrouter.get('/users', (req, res) => { users(req, res); });",
      "router.get('/v2/items', (req, res) => { list(req, res, 2); });\nrouter.get('/users', (req, res) => { users(req, res); });",
      [
        "router.get('/items') callback -> router.get('/v2/items') callback stale",
        "router.get('/users') callback -> router.get('/users') callback",
      ],
      'stale',
    ));

  it('follows functions that were wrapped in a class', () =>
    check(
      'function total(items) { return items.length; }\nfunction first(items) { return items[0]; }',
      'class Cart {\n  total(items) { return items.length; }\n  static first(items) { return items[0]; }\n}',
      ['total -> Cart.total', 'first -> Cart.first'],
      'stale',
    ));

  it('follows functions that were wrapped in a function', () =>
    check(
      'function total(items) { return items.map((item) => item.price); }',
      'function setup() {\n  function total(items) { return items.map((item) => item.price); }\n  return total;\n}',
      ['total -> setup.total', 'total.items.map callback -> setup.total.items.map callback'],
    ));

  it('follows a function rewritten as an arrow function', () =>
    check('function f(a) { return a; }', 'const f = (a) => a;', ['f -> f stale'], 'stale'));

  it('tells a getter from a setter of the same name', () =>
    check(
      'class A { get v() { return 1; } set v(x) { this.x = x; } }',
      'class A { set v(x) { this.y = x; } get v() { return 2; } }',
      ['A -> A', 'A.v -> A.v stale', 'A.v -> A.v stale'],
    ));

  it('follows initialisers of fields', () =>
    check('class A { x = load(); handle = () => 1; }', 'class A { x = load(2); handle = () => 1; }', [
      'A -> A',
      'A.(fields) -> A.(fields) stale',
      'A.handle -> A.handle',
    ]));

  it('loses everything but the module in an emptied file', () =>
    check('function a() {}\nclass B { c() {} }', '', ['a gone', 'B gone', 'B.c gone'], 'stale'));
});
