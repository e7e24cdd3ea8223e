import { NumberColumn } from '../../collections/numberColumn';
import { LONGEST_TEXT, shortText } from '../frameTable';
import { ownNote, type OwnNote } from '../v8/profileNote';
import { CpuColumnsBuilder, HeapColumnsBuilder, type V8CpuColumns, type V8HeapColumns } from '../v8/v8Columns';
import { FrameList } from './frameList';
import { decodeString } from './jsonBytes';
import type { JsonSink } from './jsonSink';
import { UsualNodes } from './usualNodes';
import {
  ROOT,
  NODES,
  NODE,
  ID,
  CPU_FRAME,
  NAME,
  SCRIPT,
  URL,
  LINE,
  COLUMN,
  HIT_COUNT,
  CHILDREN,
  CHILD,
  PARENT,
  TICKS,
  TICK,
  TICK_LINE,
  TICK_COUNT,
  SAMPLES,
  SAMPLE,
  DELTAS,
  DELTA,
  START_TIME,
  END_TIME,
  NOTE,
  NOTE_ACCURACY,
  NOTE_MEASURE,
  NOTE_WINDOW,
  HEAD,
  HEAP_NODE,
  HEAP_FRAME,
  HEAP_SIZE,
  HEAP_CHILDREN,
  SCHEMA,
  SHARED,
  PROFILES,
  PROFILE,
  TREE_HITS,
} from './v8Shape';

/** What a JSON file turned out to be. */
export type ScannedProfile =
  | { readonly format: 'cpuprofile'; readonly note: OwnNote; readonly profile: V8CpuColumns }
  | { readonly format: 'heapprofile'; readonly note: OwnNote; readonly profile: V8HeapColumns }
  | { readonly format: 'speedscope' | 'cputree' | 'unknown' };

/** Fills columns with what a scanner tells of a file. */
export class V8Sink implements JsonSink {
  private namesSpeedscope = false;
  private hasShared = false;
  private hasProfiles = false;
  readonly frames = new FrameList();
  private readonly cpu = new CpuColumnsBuilder();
  private readonly heap = new HeapColumnsBuilder();
  private readonly usualNodes = new UsualNodes(this.cpu, this.frames);
  private hasNodes = false;
  private hasHead = false;
  private headHasChildren = false;
  private hasTreeHits = false;
  private note: { accuracy?: string; measure?: string; windowMs?: number } = {};
  /** Of the CPU node that is open. */
  private id = NaN;
  private frame = -1;
  private hitCount = NaN;
  private parent = NaN;
  private tickLine = NaN;
  private tickCount = NaN;
  /** The call frame that is open. */
  private name = '';
  private script = '';
  private url = '';
  private line = -1;
  private column = -1;
  /** The heap node that is open; -1 outside. */
  private heapNode = -1;

  get isSpeedscope(): boolean {
    return this.namesSpeedscope || (this.hasShared && this.hasProfiles);
  }

  /*
   * The first fields of each method are those of every node and sample. What is rare stands apart, which keeps V8 from
   * compiling it into the scanner's loop.
   */

  number(field: number, value: number): void {
    if (field === SAMPLE) this.cpu.samples!.push(value);
    else if (field === DELTA) this.cpu.timeDeltas!.push(value);
    else if (field === CHILD) this.cpu.addChild(value);
    else if (field === ID) this.id = value;
    else if (field === HIT_COUNT) this.hitCount = value;
    else if (field === TICK_LINE) this.tickLine = value;
    else if (field === TICK_COUNT) this.tickCount = value;
    else this.setNumber(field, value);
  }

  string(field: number, bytes: Uint8Array, start: number, end: number, escaped: boolean): void {
    switch (field) {
      case NAME:
        this.name = textOf(bytes, start, end, escaped);
        break;
      case URL:
        this.url = textOf(bytes, start, end, escaped);
        break;
      case SCRIPT:
        this.script = textOf(bytes, start, end, escaped);
        break;
      case NOTE_ACCURACY:
        this.note.accuracy = decodeString(bytes, start, end, escaped);
        break;
      case NOTE_MEASURE:
        this.note.measure = decodeString(bytes, start, end, escaped);
        break;
      case SCHEMA:
        this.namesSpeedscope = decodeString(bytes, start, end, escaped).includes('speedscope');
        break;
      default:
        this.other(field, false);
    }
  }

  /** What is no number counts as none, and what is no list or node is as good as missing. */
  other(field: number, isContainer: boolean): void {
    switch (field) {
      case ROOT:
      case TICK:
      case PROFILE:
        break;
      case SHARED:
        this.hasShared = false;
        break;
      case PROFILES:
        this.hasProfiles = false;
        break;
      case SAMPLE:
      case DELTA:
      case CHILD:
        this.number(field, NaN);
        break;
      case NODES:
        this.hasNodes = false;
        break;
      case NODE:
        this.cpu.addNode(NaN, -1, NaN, NaN);
        break;
      case CPU_FRAME:
        this.frame = -1;
        break;
      case CHILDREN:
        this.cpu.dropChildren();
        break;
      case TICKS:
        this.cpu.dropTicks();
        break;
      case SAMPLES:
        this.cpu.samples = undefined;
        break;
      case DELTAS:
        this.cpu.timeDeltas = undefined;
        break;
      case NOTE:
        this.note = {};
        break;
      case HEAD:
        this.hasHead = false;
        break;
      case HEAP_NODE:
        // A list in the place of a node is an object too, one without any of a node's members.
        if (isContainer) this.heap.addNode(this.heapNode);
        break;
      case HEAP_FRAME:
        this.heap.setFrame(this.heapNode, -1);
        break;
      case HEAP_CHILDREN:
        this.dropHeapChildren(false);
        break;
      case NAME:
        this.name = '';
        break;
      case URL:
        this.url = '';
        break;
      case SCRIPT:
        this.script = '';
        break;
      case NOTE_ACCURACY:
        this.note.accuracy = undefined;
        break;
      case NOTE_MEASURE:
        this.note.measure = undefined;
        break;
      case NOTE_WINDOW:
        this.note.windowMs = undefined;
        break;
      case SCHEMA:
        this.namesSpeedscope = false;
        break;
      default:
        this.setNumber(field, NaN);
    }
  }

  open(field: number): void {
    if (field === NODE) {
      this.id = this.hitCount = this.parent = NaN;
      this.frame = -1;
    } else if (field === CHILDREN) this.cpu.dropChildren();
    else if (field === TICKS) this.cpu.dropTicks();
    else if (field === TICK) this.tickLine = this.tickCount = NaN;
    else if (field === HEAP_NODE) this.heapNode = this.heap.addNode(this.heapNode);
    else if (field === HEAP_CHILDREN) this.dropHeapChildren(true);
    else this.openOnce(field);
  }

  private openOnce(field: number): void {
    switch (field) {
      case CPU_FRAME:
      case HEAP_FRAME:
        this.name = this.url = this.script = '';
        this.line = this.column = -1;
        break;
      case SHARED:
        this.hasShared = true;
        break;
      case PROFILES:
        this.hasProfiles = true;
        break;
      case NODES:
        this.hasNodes = true;
        this.cpu.dropNodes();
        break;
      case SAMPLES:
        this.cpu.samples = new NumberColumn();
        break;
      case DELTAS:
        this.cpu.timeDeltas = new NumberColumn();
        break;
      case NOTE:
        this.note = {};
        break;
      case HEAD:
        this.hasHead = true;
        this.headHasChildren = false;
        this.hasTreeHits = false;
        this.heap.truncate(0);
        this.heapNode = this.heap.addNode(-1);
        break;
    }
  }

  close(field: number): number {
    if (field === NODE) this.cpu.addNode(this.id, this.frame, this.hitCount, this.parent);
    else if (field === TICK) this.cpu.addTick(this.tickLine, this.tickCount);
    else if (field === HEAP_NODE || field === HEAD) this.heapNode = this.heap.parentOf(this.heapNode);
    else if (field === CPU_FRAME || field === HEAP_FRAME) return this.closeFrame(field);
    return 0;
  }

  private closeFrame(field: number): number {
    const { name, script, url, line, column } = this;
    const frame = this.frames.add({
      functionName: name,
      scriptId: script,
      url,
      lineNumber: line,
      columnNumber: column,
    });
    this.again(field, frame);
    return frame;
  }

  again(field: number, frame: number): void {
    if (field === CPU_FRAME) this.frame = frame;
    else this.heap.setFrame(this.heapNode, frame);
  }

  usual(bytes: Uint8Array, view: DataView, pos: number, length: number): number {
    return this.usualNodes.read(bytes, view, pos, length);
  }

  /** CPU nodes have ids: a heap snapshot has `nodes` as well, which are numbers. */
  result(): ScannedProfile {
    const { frames } = this.frames;
    const note = ownNote(this.note);
    if (this.hasNodes) {
      const profile = this.cpu.columns(frames);
      if (!profile.ids.length || profile.ids.some((id) => !Number.isNaN(id)))
        return { format: 'cpuprofile', note, profile };
    }
    if (this.hasHead && this.headHasChildren && this.hasTreeHits) return { format: 'cputree' };
    if (this.hasHead && this.headHasChildren)
      return { format: 'heapprofile', note, profile: this.heap.columns(frames) };
    return { format: this.isSpeedscope ? 'speedscope' : 'unknown' };
  }

  private setNumber(field: number, value: number): void {
    switch (field) {
      case ID:
        this.id = value;
        break;
      case LINE:
        this.line = finiteOr(value, -1);
        break;
      case COLUMN:
        this.column = finiteOr(value, -1);
        break;
      case HIT_COUNT:
        this.hitCount = value;
        break;
      case TICK_LINE:
        this.tickLine = value;
        break;
      case TICK_COUNT:
        this.tickCount = value;
        break;
      case PARENT:
        this.parent = value;
        break;
      case START_TIME:
        this.cpu.startTime = value;
        break;
      case END_TIME:
        this.cpu.endTime = value;
        break;
      case HEAP_SIZE:
        this.heap.setSize(this.heapNode, value);
        break;
      case SCRIPT:
        this.script = String(value);
        break;
      case NOTE_WINDOW:
        this.note.windowMs = value;
        break;
      case TREE_HITS:
        this.hasTreeHits = true;
        break;
      default:
        this.other(field, false);
    }
  }

  /** A second list of children takes the place of the first, whose nodes are all that was added since the node itself. */
  private dropHeapChildren(isList: boolean): void {
    this.heap.truncate(this.heapNode + 1);
    if (this.heapNode === 0) this.headHasChildren = isList;
  }
}

/** A name, cut where it is longer than frames keep: none of the rest is held. A letter is at most 4 bytes. */
function textOf(bytes: Uint8Array, start: number, end: number, escaped: boolean): string {
  const most = start + LONGEST_TEXT * 4;
  return shortText(decodeString(bytes, start, escaped ? end : Math.min(end, most), escaped));
}

function finiteOr(value: number, fallback: number): number {
  return Number.isFinite(value) ? value : fallback;
}
