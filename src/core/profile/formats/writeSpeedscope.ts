import type { Frame } from '../frame';
import type { ProfileColumns } from '../profileColumns';
import { writtenName } from './frameText';
import { stackEvents } from './stackWalk';
import { inChunks } from './textChunks';
import { roundedUs } from './units';

/** A file that speedscope opens: one evented profile per measure, in time order where the profile has one. Chunks of JSON. */
export function writeSpeedscope(columns: ProfileColumns): Generator<string, void, undefined> {
  return inChunks(pieces(columns));
}

function* pieces(columns: ProfileColumns): Generator<string, void, undefined> {
  const { title, frames, measures } = columns;
  yield `{"$schema":"https://www.speedscope.app/file-format-schema.json","exporter":"Heatlens","name":${JSON.stringify(title)},`;
  yield '"activeProfileIndex":0,"shared":{"frames":[';
  for (const [i, frame] of frames.entries()) yield (i ? ',' : '') + JSON.stringify(sharedFrame(frame));
  yield ']},"profiles":[';
  for (let measure = 0; measure < measures.length; measure++) {
    if (measure) yield ',';
    yield* evented(columns, measure);
  }
  yield ']}\n';
}

const unitNames = { µs: 'microseconds', bytes: 'bytes', count: 'none' } as const;

function* evented(columns: ProfileColumns, measure: number): Generator<string, void, undefined> {
  const { label, unit } = columns.measures[measure];
  const name = columns.measures.length > 1 || unit === 'bytes' ? `${columns.title}: ${label}` : columns.title;
  let start: number | undefined;
  let end = 0;
  yield `{"type":"evented","name":${JSON.stringify(name)},"unit":"${unitNames[unit]}","events":[`;
  for (const { opens, frame, at } of stackEvents(columns, measure)) {
    end = roundedUs(at);
    yield `${start === undefined ? '' : ','}{"type":"${opens ? 'O' : 'C'}","frame":${frame},"at":${end}}`;
    start ??= end;
  }
  yield `],"startValue":${start ?? 0},"endValue":${end}}`;
}

/** Lines and columns are 1-based there; what is unknown is left out. */
function sharedFrame(frame: Frame): { name: string; file?: string; line?: number; col?: number } {
  return {
    name: writtenName(frame),
    file: frame.url || undefined,
    line: frame.line >= 0 ? frame.line + 1 : undefined,
    col: frame.column >= 0 ? frame.column + 1 : undefined,
  };
}
