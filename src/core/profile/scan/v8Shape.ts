import type { JsonShape } from './jsonShape';
import type { TextMemo } from './textMemo';

/** Fields of V8's profiles, and what tells speedscope files. */
export const ROOT = 0;
export const NODES = 1;
export const NODE = 2;
export const ID = 3;
export const CPU_FRAME = 4;
export const NAME = 5;
export const SCRIPT = 6;
export const URL = 7;
export const LINE = 8;
export const COLUMN = 9;
export const HIT_COUNT = 10;
export const CHILDREN = 11;
export const CHILD = 12;
export const PARENT = 13;
export const TICKS = 14;
export const TICK = 15;
export const TICK_LINE = 16;
export const TICK_COUNT = 17;
export const SAMPLES = 18;
export const SAMPLE = 19;
export const DELTAS = 20;
export const DELTA = 21;
export const START_TIME = 22;
export const END_TIME = 23;
export const NOTE = 24;
export const NOTE_ACCURACY = 25;
export const NOTE_MEASURE = 26;
export const NOTE_WINDOW = 27;
export const HEAD = 28;
export const HEAP_NODE = 29;
export const HEAP_FRAME = 30;
export const HEAP_SIZE = 31;
export const HEAP_CHILDREN = 32;
export const SCHEMA = 33;
export const SHARED = 34;
export const PROFILES = 35;
export const PROFILE = 36;
export const TREE_HITS = 37;

const value = (field: number): JsonShape => ({ kind: 'value', field });
const object = (field: number, members: Record<string, JsonShape>): JsonShape => ({ kind: 'object', field, members });
const array = (field: number, items: JsonShape): JsonShape => ({ kind: 'array', field, items });

/** What of a file is wanted; `frames` remembers the call frames. */
export function v8Shape(frames: TextMemo): JsonShape {
  const callFrame = (field: number): JsonShape => ({
    kind: 'object',
    field,
    members: {
      functionName: value(NAME),
      scriptId: value(SCRIPT),
      url: value(URL),
      lineNumber: value(LINE),
      columnNumber: value(COLUMN),
    },
    repeats: frames,
  });
  const nodeMembers = {
    id: value(ID),
    callFrame: callFrame(CPU_FRAME),
    hitCount: value(HIT_COUNT),
    children: array(CHILDREN, value(CHILD)),
    parent: value(PARENT),
    positionTicks: array(TICKS, object(TICK, { line: value(TICK_LINE), ticks: value(TICK_COUNT) })),
  };
  // Nodes of a heap profile hold their children: the shape holds itself.
  const heapMembers: Record<string, JsonShape> = {
    callFrame: callFrame(HEAP_FRAME),
    selfSize: value(HEAP_SIZE),
    // So do those of CPU profiles before 2017.
    hitCount: value(TREE_HITS),
  };
  heapMembers['children'] = array(HEAP_CHILDREN, object(HEAP_NODE, heapMembers));
  return object(ROOT, {
    nodes: array(NODES, { kind: 'object', field: NODE, members: nodeMembers, usual: true }),
    startTime: value(START_TIME),
    endTime: value(END_TIME),
    samples: array(SAMPLES, value(SAMPLE)),
    timeDeltas: array(DELTAS, value(DELTA)),
    head: object(HEAD, heapMembers),
    heatlens: object(NOTE, {
      accuracy: value(NOTE_ACCURACY),
      measure: value(NOTE_MEASURE),
      windowMs: value(NOTE_WINDOW),
    }),
    $schema: value(SCHEMA),
    // Speedscope files are told by these where they name no schema.
    shared: object(SHARED, {}),
    profiles: array(PROFILES, value(PROFILE)),
  });
}
