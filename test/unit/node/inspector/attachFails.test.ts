import assert from 'node:assert/strict';
import * as cdpSocket from '../../../../src/node/inspector/cdpSocket';
import { connectToPid } from '../../../../src/node/inspector/connect';
import * as inspectorHttp from '../../../../src/node/inspector/inspectorHttp';
import type { Channel } from '../../../../src/node/channel';
import { until } from '../../../support/agentTarget';
import { outerNodes } from '../../../support/nodeVersions';
import { startService, stopServices } from '../../../support/serviceTarget';

/** Not the usual one, which other programs of this machine may hold. */
const FIRST_PORT = 21_700;

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Calls of all modules go through these, whoever imported them. */
const sockets = cdpSocket as Writable<typeof cdpSocket>;
const http = inspectorHttp as Writable<typeof inspectorHttp>;
const { openCdpSocket } = cdpSocket;
const { inspectorUrl } = inspectorHttp;

/** Whatever is asked of the target, or of its port, the n-th time fails. `forGood`: and on that connection ever after. */
function failAt(step: number, forGood: boolean): { readonly reached: () => boolean } {
  let count = 0;
  const planned = (): boolean => count++ === step;
  http.inspectorUrl = (...args) => (planned() ? Promise.reject(new Error('planned')) : inspectorUrl(...args));
  sockets.openCdpSocket = async (...args) => {
    if (planned()) throw new Error('planned');
    const channel = await openCdpSocket(...args);
    let isBroken = false;
    const send: Channel['send'] = (method, params, options) => {
      isBroken ||= planned();
      const fails = isBroken;
      isBroken &&= forGood;
      return fails ? Promise.reject(new Error('planned')) : channel.send(method, params, options);
    };
    return Object.assign(Object.create(channel) as Channel, { send });
  };
  return { reached: () => count > step };
}

function failNoMore(): void {
  http.inspectorUrl = inspectorUrl;
  sockets.openCdpSocket = openCdpSocket;
}

describe('an attach that fails after the signal', function () {
  this.timeout(240_000);
  afterEach(async () => {
    failNoMore();
    await stopServices();
  });

  for (const { version, path } of outerNodes()) {
    it(`at any of its steps has the inspector closed again, Node ${version}`, async () => {
      // Half of the versions take one way of failing, half of them the other.
      const forGood = version % 4 === 0;
      const target = await startService(path, { flags: [`--inspect-port=${FIRST_PORT + version}`] });
      const before = await target.get('/');
      let failures = 0;
      for (let step = 0; ; step++) {
        const plan = failAt(step, forGood);
        const outcome = await connectToPid(target.pid).catch((error: unknown) => error);
        failNoMore();
        if (outcome instanceof Error) failures++;
        else await (outcome as Awaited<ReturnType<typeof connectToPid>>).close();
        await until(async () => (await target.inspectorPorts()).length === 0, `closed after a failure at step ${step}`);
        if (!plan.reached()) break;
      }
      assert.ok(failures >= 10, `${failures} of the steps fail the attach`);
      assert.deepEqual(await target.get('/'), before);
      assert.deepEqual([target.child.exitCode, target.child.signalCode], [null, null]);
    });
  }
});
