import assert from 'node:assert/strict';
import { HeatlensError } from '../../../../../src/core/errors';
import type { ExplainRun } from '../../../../../src/core/database/explainRun';
import { readPlan } from '../../../../../src/core/database/mongo/plan/readPlan';
import type { Statement } from '../../../../../src/core/database/statement';
import { OpenConnections } from '../../../../../src/editor/database/mongo/connections/openConnections';
import { SavedConnections } from '../../../../../src/editor/database/mongo/connections/savedConnections';
import type { ConnectionChoice } from '../../../../../src/editor/database/connections/connection';
import type { ExplainEngine } from '../../../../../src/editor/database/explain/explainEngine';
import { ExplainSession } from '../../../../../src/editor/database/explain/explainSession';
import { createRememberedInputs, statementKey } from '../../../../../src/editor/database/explain/rememberedInputs';
import { statementView } from '../../../../../src/editor/database/explain/statementView';
import { shownFindings } from '../../../../../src/editor/database/findings/shownFindings';
import { fakeConnection } from '../fakeConnection';
import { fakeMemory } from '../memory';
import { findStatements } from '../../../../support/findStatements';

const find = (text: string): Statement =>
  findStatements(`import { MongoClient } from 'mongodb';\n${text}`, 'search.ts')[0];
const withHole = 'export const f = (db, category: string) => db.collection("products").find({ category });';
const plain = 'export const f = (db) => db.collection("products").find({ a: 1 });';

function runOf(docsExamined: number): ExplainRun {
  const stage = { stage: 'COLLSCAN', nReturned: 1, docsExamined };
  const plan = readPlan({
    queryPlanner: { namespace: 'shop.products', winningPlan: { stage: 'COLLSCAN' } },
    executionStats: { nReturned: 1, totalDocsExamined: docsExamined, executionStages: stage },
  });
  const finding = { rule: 'R01', title: 't', severity: 'warning', evidence: 'e', guard: 'g', advice: 'a' } as const;
  return {
    at: 1,
    connection: 'h',
    database: 'shop',
    target: 'products',
    verbosity: 'queryPlanner',
    text: 't',
    plan,
    findings: [finding],
    suggestions: [],
    facts: {},
    notes: [],
  };
}

async function setUp(
  statement: Statement,
  overrides: Partial<ExplainEngine> = {},
  choice?: Partial<ConnectionChoice> | null,
) {
  const saved = new SavedConnections(fakeMemory(), fakeMemory(), {
    get: () => Promise.resolve('mongodb://h'),
    store: () => Promise.resolve(),
    delete: () => Promise.resolve(),
  });
  const { id } = await saved.add('mongodb://other', 'h');
  const connections = new OpenConnections({
    saved,
    connect: () => Promise.resolve(fakeConnection()),
    onConnected: () => Promise.resolve(),
  });
  const memory = fakeMemory();
  const remembered = createRememberedInputs(memory);
  const explained: string[] = [];
  const engine: ExplainEngine = {
    explain: (_connection, { values, database, collection }, verbosity) => {
      explained.push(`${database}.${collection} ${verbosity} ${JSON.stringify(Object.fromEntries(values))}`);
      return Promise.resolve({ run: runOf(10), raw: '{}' });
    },
    tryIndex: () => assert.fail('not asked for'),
    checkScale: () => assert.fail('not asked for'),
    samples: () => Promise.resolve(new Map()),
    compare: () => ({ verdict: 'same', summary: 's', changes: [] }),
    summary: () => 'summary',
    view: () => assert.fail('not asked for'),
    refused: () => ({}),
    ...overrides,
  };
  const state = { choice: choice === null ? undefined : { id, database: 'shop', ...choice } };
  const create = (of: Statement): ExplainSession =>
    new ExplainSession(of, {
      engine,
      connections,
      choice: () => state.choice,
      choose: (next) => Promise.resolve(void (state.choice = { database: '', ...next })),
      recall: (each, place) => remembered.find(statementKey(each, 'search.ts'), place),
      remember: (each, inputs, place) => void remembered.keep(statementKey(each, 'search.ts'), inputs, place),
      log: () => undefined,
    });
  return { session: create(statement), create, engine, explained, connections, state, memory };
}

describe('an explain session', () => {
  it('runs with queryPlanner unless more was chosen, and remembers what was', async () => {
    const { session, create, explained } = await setUp(find(withHole));
    session.inputs.setHole('category', 'shoes');
    await session.run();
    session.inputs.verbosity = 'executionStats';
    await session.run();
    assert.deepEqual(explained, [
      'shop.products queryPlanner {"category":"shoes"}',
      'shop.products executionStats {"category":"shoes"}',
    ]);
    const again = create(find(withHole));
    assert.equal(again.blocked, null);
    assert.equal(again.inputs.verbosity, 'executionStats');
    await again.run();
    assert.equal(explained[2], explained[1]);
  });

  const others: readonly [string, string][] = [
    ['another value', plain.replace('a: 1', 'a: 2')],
    ['a condition that reads everything', plain.replace('{ a: 1 }', '{}')],
    ['another collection', plain.replace('products', 'orders')],
    ['an option more', plain.replace('{ a: 1 })', '{ a: 1 }).sort({ b: 1 })')],
  ];
  for (const [what, text] of others) {
    it(`executes what it was told to only: not a statement with ${what}`, async () => {
      const { session, create, explained } = await setUp(find(plain));
      session.inputs.verbosity = 'executionStats';
      await session.run();
      // Of the same file and kind, in a session of its own, and edited in this one.
      await create(find(text)).run();
      session.follow(find(text));
      await session.run();
      assert.deepEqual(
        explained.map((one) => one.split(' ')[1]),
        ['executionStats', 'queryPlanner', 'queryPlanner'],
      );
      // As it was, it is what was agreed to.
      session.follow(find(plain));
      await session.run();
      assert.match(explained[3], /executionStats/);
    });
  }

  it('executes where it was told to only: not in another database, nor on another connection', async () => {
    const { session, create, explained, state, connections } = await setUp(find(plain));
    session.inputs.verbosity = 'executionStats';
    await session.run();
    state.choice = { ...state.choice!, database: 'production' };
    await session.run();
    await create(find(plain)).run();
    connections.status = () => undefined;
    connections.get = () => Promise.resolve(fakeConnection());
    state.choice = { id: 'another', database: 'shop' };
    await session.run();
    assert.deepEqual(
      explained.map((one) => one.split(' ').slice(0, 2).join(' ')),
      [
        'shop.products executionStats',
        'production.products queryPlanner',
        'production.products queryPlanner',
        'shop.products queryPlanner',
      ],
    );
  });

  it('writes down no value of a sampled document', async () => {
    const { session, create, memory } = await setUp(find(withHole), {
      samples: () => Promise.resolve(new Map([['category', 'secret of a customer']])),
    });
    await session.start();
    assert.equal(session.records.length, 1, 'it ran');
    for (const text of memory.texts.values()) assert.ok(!text.includes('secret of a customer'), text);
    assert.match(create(find(withHole)).blocked ?? '', /category/);
  });

  it('forgets what earlier versions wrote down', async () => {
    const memory = fakeMemory();
    await memory.update('heatlens.explain.inputs', [{ inputs: { values: { category: 'secret of a customer' } } }]);
    createRememberedInputs(memory);
    assert.ok(![...memory.texts.values()].join().includes('secret'));
  });

  it('says what is missing, in the order in which it is to be given', async () => {
    const { session, state } = await setUp(find(withHole), {}, null);
    assert.match(session.blocked ?? '', /connection/);
    state.choice = { id: 'x' } as never;
    assert.match(session.blocked ?? '', /database/);
    state.choice = { id: 'x', database: 'shop' };
    assert.match(session.blocked ?? '', /category/);
    await assert.rejects(session.run(), { code: 'blocked' });
  });

  it('fills in values of a sample', async () => {
    const { session, explained } = await setUp(find(withHole), {
      samples: () => Promise.resolve(new Map([['category', 'tents']])),
    });
    await session.prepare();
    assert.equal(session.blocked, null);
    await session.run();
    assert.match(explained[0], /tents/);
  });

  it('starts by itself only when nothing is missing', async () => {
    const complete = await setUp(find(plain));
    assert.equal(await complete.session.start(), true);
    assert.equal(complete.explained.length, 1);
    const open = await setUp(find(withHole));
    assert.equal(await open.session.start(), false);
    assert.deepEqual(open.explained, []);
    assert.deepEqual(open.session.databases, ['shop']);
  });

  it('never asks a server for what it refuses', async () => {
    const { session, explained } = await setUp(find(plain), { refused: () => ({ executionStats: 'It writes.' }) });
    session.inputs.verbosity = 'executionStats';
    await session.run();
    assert.match(explained[0], /queryPlanner/);
    const insert = await setUp(find(plain), { refused: () => ({ queryPlanner: 'An insert has no plan.' }) });
    assert.equal(insert.session.blocked, 'An insert has no plan.');
  });

  it('compares with the run before, and keeps ten', async () => {
    const { session } = await setUp(find(plain));
    await session.run();
    assert.equal(session.records.length, 1);
    assert.ok(!('comparison' in session.records[0]));
    for (let count = 0; count < 12; count++) await session.run();
    assert.equal(session.latest?.comparison?.verdict, 'same');
    assert.equal(session.records.length, 10);
  });

  it('shows a failure with what can be done, and the next success ends it', async () => {
    let fails = true;
    const { session, connections } = await setUp(find(plain), {
      explain: () =>
        fails
          ? Promise.reject(new HeatlensError('mongoDown', 'No server listens at h.', 'Start the database.'))
          : Promise.resolve({ run: runOf(1), raw: '' }),
    });
    await session.run();
    assert.deepEqual(session.failures.get('explain'), {
      message: 'No server listens at h.',
      nextStep: 'Start the database.',
      action: 'pickConnection',
    });
    assert.equal(connections.list()[0].state, 'failed');
    assert.equal(session.progress.size, 0);
    fails = false;
    await session.run();
    assert.equal(session.failures.size, 0);
    assert.equal(connections.list()[0].state, 'connected');
  });

  for (const [code, action] of [
    ['mongoSlow', 'planOnly'],
    ['mongoNoAnswer', 'planOnly'],
    ['mongoTimeSeries', undefined],
    ['mongoUnknownCollection', 'pickDatabase'],
  ] as const) {
    it(`offers ${action ?? 'nothing'} where a run fails by ${code}`, async () => {
      const { session } = await setUp(find(plain), {
        explain: () => Promise.reject(new HeatlensError(code, 'It failed.', 'Do that.')),
      });
      await session.run();
      assert.equal(session.failures.get('explain')?.action, action);
    });
  }

  it('does not run when it is cancelled while it connects', async () => {
    const untilCancelled: ExplainEngine['samples'] = (_connection, _database, _collection, _holes, signal) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cancelled'))));
    const { session, explained } = await setUp(find(withHole), { samples: untilCancelled });
    const started = session.start();
    await new Promise((resolve) => setImmediate(resolve));
    session.inputs.setHole('category', 'shoes');
    session.cancel('explain');
    assert.equal(await started, false);
    assert.deepEqual(explained, []);
  });

  it('is cancelled without a failure, and a new run ends the one before', async () => {
    const signals: AbortSignal[] = [];
    const { session } = await setUp(find(plain), {
      explain: (_connection, _filled, _verbosity, { signal }) => {
        signals.push(signal);
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
      },
    });
    const running = async (count: number): Promise<void> => {
      while (signals.length < count) await new Promise((resolve) => setImmediate(resolve));
    };
    const first = session.run();
    await running(1);
    assert.ok(session.progress.has('explain'));
    const second = session.run();
    await first;
    await running(2);
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, false],
    );
    assert.ok(session.progress.has('explain'), 'the second still runs');
    session.cancel('explain');
    await second;
    assert.equal(session.progress.size + session.failures.size, 0);
  });

  it('is stale once its statement reads otherwise, and not when it only moved', async () => {
    const { session } = await setUp(find(plain));
    await session.run();
    session.follow(find(`\n\n${plain}`));
    assert.equal(session.isStale, false);
    session.follow(find(plain.replace('a: 1', 'a: 2')));
    assert.equal(session.isStale, true);
    assert.deepEqual(shownFindings(session.statement, session, new Map(), {}), []);
    session.follow(find(plain));
    assert.deepEqual(
      shownFindings(session.statement, session, new Map(), {}).map(({ level }) => level),
      ['warning'],
    );
    assert.deepEqual(shownFindings(session.statement, session, new Map(), { R01: 'off' }), []);
    session.follow(undefined);
    assert.equal(session.gone, true);
    assert.match(session.blocked ?? '', /no longer/);
  });

  it('leaves to source what source shows, also without an explain', async () => {
    const loop = find(
      'export async function f(db, ids: string[]) {\n  for (const id of ids) await db.collection("products").findOne({ sku: id });\n}',
    );
    assert.deepEqual(
      shownFindings(loop, undefined, new Map(), {}).map(({ finding }) => finding.rule),
      ['R42'],
    );
    assert.deepEqual(shownFindings(loop, undefined, new Map(), { R42: 'off' }), []);
  });

  it('shows what its page needs', async () => {
    const { session, connections, engine } = await setUp(
      find('export const f = (db, name: string) => db.collection(name).find({ a: 1 });'),
    );
    const view = statementView(session, '/x/search.ts', connections.list()[0], engine);
    assert.equal(view.place, 'search.ts:2');
    assert.equal(view.collection, null);
    assert.equal(view.collectionHole, 'name');
    assert.match(view.blocked ?? '', /collection/);
    session.inputs.collection = 'products';
    const named = statementView(session, '/x/search.ts', connections.list()[0], engine);
    assert.equal(named.text, 'db.products.find({ a: 1 })');
    assert.equal(named.blocked, null);
    assert.deepEqual(named.connection, { name: 'h', state: 'closed' });
  });
});
