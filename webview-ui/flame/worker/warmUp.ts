import { defaultViewOptions } from '../../../src/core/flame/view/viewOptions';
import { encodeColumns } from '../../../src/core/profile/columnsCodec';
import type { ProfileColumns } from '../../../src/core/profile/profileColumns';
import { createFlameModel } from './flameModel';
import type { FlameWorkerScope } from './startFlameWorker';

const ROUNDS = 10;
const NODES = 3_000;
const SAMPLES = 12_000;
const FRAMES = 200;

/**
 * While the editor still reads the file the worker has nothing to do: it draws a small profile some times over, so that V8
 * has compiled what the real one needs. At a million samples this saves more than half of the time to the first picture.
 * It ends as soon as anything is asked for.
 */
export function warmUp(scope: FlameWorkerScope): void {
  let isAsked = false;
  scope.addEventListener('message', () => {
    isAsked = true;
  });
  const data = encodeColumns(smallProfile());
  const model = createFlameModel();
  let rounds = 0;
  const draw = (): void => {
    if (isAsked || rounds++ === ROUNDS) return;
    model.load({ data });
    for (const view of ['timeOrder', 'leftHeavy'] as const) model.view({ view, options: defaultViewOptions });
    setTimeout(draw);
  };
  setTimeout(draw);
}

/** Of no meaning; its stacks branch, come back and have idle time between them. */
function smallProfile(): ProfileColumns {
  const parents = Int32Array.from({ length: NODES }, (_, node) =>
    node ? (node * 7919) % Math.min(node, 1 + (node >> 1)) : -1,
  );
  const nodeFrames = Int32Array.from({ length: NODES }, (_, node) => (node * 31) % FRAMES);
  const nodes = Int32Array.from({ length: SAMPLES }, (_, sample) => ((sample >> 1) * 7919) % NODES);
  const startsUs = Float64Array.from(nodes, (_, sample) => 1_000.5 + sample * 100);
  const self = new Float64Array(NODES);
  for (const node of nodes) if (node) self[node] += 100;
  return {
    title: '',
    frames: Array.from({ length: FRAMES }, (_, frame) => ({
      functionName: frame === 1 ? '(idle)' : `f${frame}`,
      url:
        frame < 2 ? '' : frame % 5 ? `file:///app/${frame % 20}.js` : `file:///app/node_modules/p${frame % 3}/index.js`,
      line: frame < 2 ? -1 : frame,
      column: frame < 2 ? -1 : 3,
      scriptId: '7',
    })),
    parents,
    nodeFrames,
    measures: [{ kind: 'cpu', label: '', unit: 'µs', self }],
    timeline: { measure: 0, nodes, startsUs, endUs: startsUs[SAMPLES - 1] + 100 },
    problems: [],
  };
}
