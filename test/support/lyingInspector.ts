import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** One request of a client; `call` is the function of ours that is called, if one is. */
export interface TargetRequest {
  readonly id: number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly call?: string;
  readonly args: readonly unknown[];
}

/** Says what is sent instead of the usual answer, as text; undefined for the usual one, `silent` for none. */
export type Lie = (request: TargetRequest, usual: unknown, socket: WebSocket) => string | undefined | 'silent';

const FRAME = { functionName: 'f', scriptId: '1', url: 'file:///nonexistent/x.js', lineNumber: 0, columnNumber: 1 };
const ROOT = { functionName: '(root)', scriptId: '0', url: '', lineNumber: -1, columnNumber: -1 };

export const usualCpuProfile = {
  nodes: [
    { id: 1, callFrame: ROOT, hitCount: 0, children: [2] },
    { id: 2, callFrame: FRAME, hitCount: 5, positionTicks: [{ line: 1, ticks: 5 }] },
  ],
  startTime: 1_000_000,
  endTime: 1_005_000,
  samples: [2, 2, 2, 2, 2],
  timeDeltas: [1000, 1000, 1000, 1000, 1000],
};

export const usualHeapProfile = {
  head: { callFrame: ROOT, selfSize: 0, id: 1, children: [{ callFrame: FRAME, selfSize: 64, id: 2, children: [] }] },
  samples: [{ size: 64, nodeId: 2, ordinal: 1 }],
};

/** By function of ours: what it returns. */
export const usualValues: Readonly<Record<string, unknown>> = {
  identify: {
    pid: 999_999,
    version: 'v22.0.0',
    cwd: '/nonexistent',
    execArgv: [],
    argv: ['node', '/nonexistent/x.js'],
  },
  usedCpuTime: 1000,
  callSites: '1,24,3,5,9;ffile:///nonexistent/x.js',
  threadId: 7,
  turnEventLoop: true,
  memoryUse: { heapUsed: 1e6, external: 1e5 },
  startedAt: 1e12,
  environment: {},
  findSourceMaps: { maps: [null] },
  joinGuard: false,
  leave: false,
  stepAside: false,
  changeCpuWindow: 1,
  recordsCoverage: false,
};

/** What a target answers by protocol, in the form of an inspector's `result`. */
function usualAnswer({ method, call }: TargetRequest): unknown {
  switch (method) {
    case 'Runtime.evaluate':
      return { result: { type: 'object', objectId: '1' } };
    case 'Runtime.callFunctionOn':
      return { result: { value: usualValues[call ?? ''] } };
    case 'HeapProfiler.stopSampling':
    case 'HeapProfiler.getSamplingProfile':
      return { profile: usualHeapProfile };
    default:
      return {};
  }
}

/** What speaks like an inspector, lies included. */
export async function startLyingInspector(lie: Lie = () => undefined): Promise<{ port: number; close(): void }> {
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const isVersion = request.url?.startsWith('/json/version');
    const reply = isVersion
      ? { Browser: 'node.js/v22.0.0' }
      : [{ webSocketDebuggerUrl: `ws://127.0.0.1:${port}/lies` }];
    response.end(JSON.stringify(reply));
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => {
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      const { id, method, params = {} } = JSON.parse(String(data)) as TargetRequest;
      const args = ((params['arguments'] ?? []) as { value?: unknown }[]).map(({ value }) => value);
      const call = method === 'Runtime.callFunctionOn' ? String(args[0]) : undefined;
      const request: TargetRequest = { id, method, params, call, args: args.slice(1) };
      const usual = usualAnswer(request);
      const text = lie(request, usual, socket) ?? JSON.stringify({ id, result: usual });
      if (text === 'silent') return;
      const ended = call === 'changeCpuWindow' ? request.args[1] : undefined;
      if (typeof ended === 'string')
        socket.send(
          JSON.stringify({
            method: 'Profiler.consoleProfileFinished',
            params: { id: '1', title: ended, profile: usualCpuProfile },
          }),
        );
      socket.send(text);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
