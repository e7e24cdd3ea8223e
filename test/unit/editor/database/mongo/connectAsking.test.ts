import assert from 'node:assert/strict';
import { plainLogin } from '../../../../../src/core/database/mongo/errors/connectErrors';
import {
  connectAsking,
  NOTHING_ALLOWED,
  type Allowed,
} from '../../../../../src/editor/database/mongo/connections/connectAsking';
import type { ConnectOptions } from '../../../../../src/node/database/mongo/connectMongo';
import { fakeConnection } from '../fakeConnection';

const signal = new AbortController().signal;
const SET = 'mongodb://ada:hunter2@a:1/?replicaSet=rs0';

/** A server that names `members` besides; `answers` are what the user says, in order. */
function setUp(members: readonly string[], answers: readonly boolean[], needsTls = false) {
  const opened: ConnectOptions[] = [];
  const asked: string[] = [];
  const closed: number[] = [];
  const connect = (_uri: string, options: ConnectOptions) => {
    opened.push(options);
    if (needsTls && !options.allowPlainLogin) return Promise.reject(plainLogin(['a:1']));
    const withheld = members.filter((host) => !options.allowHosts?.includes(host));
    const connection = fakeConnection();
    return Promise.resolve({ ...connection, withheld, close: () => Promise.resolve(void closed.push(1)) });
  };
  const confirm = ({ question, detail }: { readonly question: string; readonly detail: string }) => {
    asked.push(`${question} ${detail}`);
    return Promise.resolve(answers[asked.length - 1] ?? assert.fail('asked too often'));
  };
  return { services: { connect, confirm }, opened, asked, closed };
}

describe('a connection that asks', () => {
  it('asks nothing where a server names nobody else', async () => {
    const { services, asked, opened } = setUp([], []);
    assert.deepEqual((await connectAsking(SET, NOTHING_ALLOWED, services, signal)).allowed, NOTHING_ALLOWED);
    assert.deepEqual([asked.length, opened.length], [0, 1]);
  });

  it('asks nothing for one host: it is talked to directly', async () => {
    const { services, asked } = setUp(['b:2'], []);
    await connectAsking('mongodb://a:1/', NOTHING_ALLOWED, services, signal);
    assert.equal(asked.length, 0);
  });

  it('names the other members, and talks to them only after a yes', async () => {
    for (const uri of [
      SET,
      'mongodb://a:1,c:3/',
      'mongodb+srv://a.example.com/',
      'mongodb://a:1/?directConnection=false',
    ]) {
      const { services, asked, opened, closed } = setUp(['b:2', 'evil:1'], [true]);
      const { allowed } = await connectAsking(uri, NOTHING_ALLOWED, services, signal);
      assert.match(asked[0], /b:2, evil:1/);
      assert.ok(!asked[0].includes('hunter2'));
      assert.deepEqual(
        opened.map(({ allowHosts }) => allowHosts),
        [[], ['b:2', 'evil:1']],
      );
      assert.equal(closed.length, 1, 'the first connection is closed');
      assert.deepEqual(allowed.hosts, ['b:2', 'evil:1']);
    }
  });

  it('remembers a no, and asks again for those that come later', async () => {
    const first = setUp(['b:2'], [false]);
    const { allowed } = await connectAsking(SET, NOTHING_ALLOWED, first.services, signal);
    assert.deepEqual([allowed.hosts, allowed.declined, first.opened.length], [[], ['b:2'], 1]);
    const same = setUp(['b:2'], []);
    await connectAsking(SET, allowed, same.services, signal);
    const later = setUp(['b:2', 'new:3'], [true]);
    assert.deepEqual((await connectAsking(SET, allowed, later.services, signal)).allowed.hosts, ['new:3']);
    assert.ok(!later.asked[0].includes('b:2'));
  });

  it('sends no login without TLS before a yes', async () => {
    const no = setUp([], [false], true);
    await assert.rejects(connectAsking(SET, NOTHING_ALLOWED, no.services, signal), { code: 'mongoPlainLogin' });
    assert.equal(no.opened.length, 1);
    const yes = setUp([], [true], true);
    const { allowed } = await connectAsking(SET, NOTHING_ALLOWED, yes.services, signal);
    assert.equal(allowed.plainLogin, true);
    const again = setUp([], [], true);
    await connectAsking(SET, allowed satisfies Allowed, again.services, signal);
    assert.equal(again.asked.length, 0);
  });
});
