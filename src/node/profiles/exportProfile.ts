import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { isHeatlensError } from '../../core/errors';
import { createView } from '../../core/flame/view/createView';
import { layoutLeftHeavy } from '../../core/flame/layouts/layoutLeftHeavy';
import { layoutTimeOrder } from '../../core/flame/layouts/layoutTimeOrder';
import { drawSvg } from '../../core/flame/svg';
import { defaultViewOptions, type ViewOptions } from '../../core/flame/view/viewOptions';
import { writeFolded } from '../../core/profile/formats/folded';
import { writePprof } from '../../core/profile/formats/writePprof';
import { writeSpeedscope } from '../../core/profile/formats/writeSpeedscope';
import { writeCpuProfile, writeHeapProfile } from '../../core/profile/formats/writeV8';
import type { ProfileColumns } from '../../core/profile/profileColumns';
import { htmlReport, readPageAssets } from './htmlReport';
import { exportNotWritten } from './profileErrors';

/** In the order in which they are offered. */
export const EXPORT_FORMATS = ['svg', 'html', 'speedscope', 'pprof', 'cpuprofile', 'heapprofile', 'folded'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface ExportOptions {
  /**
   * Index into the profile's measures. Without it speedscope, pprof and html hold all of them, and the other formats the
   * first that they can hold.
   */
  readonly measure?: number;
  /** The bytes are packed, as pprof files usually are. */
  readonly gzip?: boolean;
  /** For svg: what is drawn, left heavy unless it says so. */
  readonly view?: 'leftHeavy' | 'timeOrder';
  readonly viewOptions?: Partial<ViewOptions>;
  /** For html: the folder of the page's bundle (`dist/webview`). */
  readonly pageFolder?: string;
  /** For html: what its difference view compares with. */
  readonly comparison?: ProfileColumns;
  readonly signal?: AbortSignal;
}

/** The usual end of a file's name. */
export function exportExtension(format: ExportFormat): string {
  switch (format) {
    case 'speedscope':
      return '.speedscope.json';
    case 'pprof':
      return '.pb.gz';
    default:
      return `.${format}`;
  }
}

/** pprof is packed by custom; a name without `.gz` says that this one is not to be. */
export function isPacked(format: ExportFormat, path: string): boolean {
  return path.toLowerCase().endsWith('.gz') || (format === 'pprof' && !/\.(pprof|pb|prof)$/i.test(path));
}

/** The whole export in memory. */
export async function exportProfile(
  columns: ProfileColumns,
  format: ExportFormat,
  options: ExportOptions = {},
): Promise<Uint8Array> {
  const source = Readable.from(await chunks(columns, format, options));
  const stream = options.gzip ? source.pipe(createGzip()) : source;
  const parts: Buffer[] = [];
  for await (const part of stream as AsyncIterable<string | Uint8Array>)
    parts.push(typeof part === 'string' ? Buffer.from(part) : Buffer.from(part));
  return Buffer.concat(parts);
}

/** Writes the export to a file, whole or not at all. Throws a HeatlensError when it cannot be written. */
export async function exportToFile(
  columns: ProfileColumns,
  format: ExportFormat,
  path: string,
  options: ExportOptions = {},
): Promise<void> {
  return writeWhole(await chunks(columns, format, options), path, options);
}

/**
 * Writes a file whole or not at all, over what is there: where that is a link, the link is replaced, not what it leads to.
 * Throws a HeatlensError when it cannot be written.
 */
export async function writeWhole(
  source: Iterable<string | Uint8Array>,
  path: string,
  { gzip, signal }: Pick<ExportOptions, 'gzip' | 'signal'> = {},
): Promise<void> {
  const unfinished = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    const target = createWriteStream(unfinished, { flags: 'wx' });
    if (gzip) await pipeline(Readable.from(source), createGzip(), target, { signal });
    else await pipeline(Readable.from(source), target, { signal });
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    if (isHeatlensError(error) || signal?.aborted) throw error;
    throw exportNotWritten(path, error);
  }
}

async function chunks(
  columns: ProfileColumns,
  format: ExportFormat,
  options: ExportOptions,
): Promise<Iterable<string | Uint8Array>> {
  const measure = options.measure ?? firstThatFits(columns, format);
  const chosen = options.measure === undefined ? columns : onlyMeasure(columns, options.measure);
  switch (format) {
    case 'speedscope':
      return writeSpeedscope(chosen);
    case 'pprof':
      return [writePprof(chosen)];
    case 'cpuprofile':
      return writeCpuProfile(columns, measure);
    case 'heapprofile':
      return writeHeapProfile(columns, measure);
    case 'folded':
      return writeFolded(columns, measure);
    case 'svg':
      return svgChunks(columns, measure, options);
    case 'html':
      return htmlReport(chosen, await readPageAssets(options.pageFolder ?? ''), options.comparison);
  }
}

/** What the format cannot hold at all is refused by its writer. */
function firstThatFits({ measures }: ProfileColumns, format: ExportFormat): number {
  const units = format === 'cpuprofile' ? ['µs', 'count'] : format === 'heapprofile' ? ['bytes'] : [];
  for (const unit of units) {
    const found = measures.findIndex((measure) => measure.unit === unit);
    if (found >= 0) return found;
  }
  return 0;
}

function onlyMeasure(columns: ProfileColumns, measure: number): ProfileColumns {
  const { timeline } = columns;
  return {
    ...columns,
    measures: [columns.measures[measure]],
    timeline: timeline?.measure === measure ? { ...timeline, measure: 0 } : undefined,
  };
}

function svgChunks(
  columns: ProfileColumns,
  measure: number,
  { view: kind, viewOptions }: ExportOptions,
): Iterable<string> {
  const view = createView(columns, { ...defaultViewOptions, ...viewOptions, measure });
  const layout = kind === 'timeOrder' ? layoutTimeOrder(view) : layoutLeftHeavy(view, view.frames);
  return drawSvg(layout, view.frames, { title: columns.title, measure: view.measure });
}
