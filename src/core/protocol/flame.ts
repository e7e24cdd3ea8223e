import type { FrameSources } from '../flame/frameSources';
import type { ColourMode, ViewKind, ViewOptions } from '../flame/view/viewOptions';
import type { FramePlace } from '../profile/frame';
import type { PageEvent } from './page';
import type { NoRequests } from './messenger';

/** The flame graph page, as the editor speaks to it. */
export interface FlamePageSide {
  readonly event: ToFlamePage;
  readonly requests: {
    /** A drawing of what the page shows: SVG as text, PNG as bytes. */
    readonly draw: { readonly params: { readonly format: PageExportFormat }; readonly result: ArrayBuffer | string };
  };
}

/** The editor, as the flame graph page speaks to it. */
export interface FlameHostSide {
  readonly event: FromFlamePage;
  readonly requests: NoRequests;
}

/** What the editor tells the flame graph page. Big data crosses as ArrayBuffers (`encodeColumns`). */
export type ToFlamePage =
  /** A profile to show; `live` ones are replaced in place by later messages, focus and zoom kept. */
  | {
      readonly type: 'profile';
      readonly data: ArrayBuffer;
      readonly live: boolean;
      /** Titles of all profiles (threads) of the file, and which one this is. */
      readonly titles: readonly string[];
      readonly active: number;
      readonly state?: FlameState;
    }
  /** What was before, for the difference. */
  | { readonly type: 'comparison'; readonly data: ArrayBuffer }
  /** Where frames stand in the source, by index into the frames of the last `profile`; may come in parts. */
  | { readonly type: 'sources'; readonly sources: FrameSources }
  /** Show this method: by its frames, most of the total first. */
  | { readonly type: 'focus'; readonly frames: readonly FramePlace[] }
  | { readonly type: 'progress'; readonly text: string; readonly fraction?: number }
  /** Instead of a profile, or over one that stays. */
  | { readonly type: 'failure'; readonly message: string; readonly nextStep: string }
  /** A live target is gone: what it measured stays. */
  | { readonly type: 'ended'; readonly message: string }
  /** A command of the editor (search, next match, another view) that the page carries out. */
  | { readonly type: 'command'; readonly command: FlamePageCommand };

export type FlamePageCommand =
  | { readonly name: 'find' | 'nextMatch' | 'previousMatch' | 'resetZoom' }
  | { readonly name: 'view'; readonly view: ViewKind };

/** The page draws these itself; the other formats are written by the editor from the file. */
export type PageExportFormat = 'svg' | 'png';

/** After `ready` the editor tells the profile. */
export type FromFlamePage =
  | PageEvent<FlameState>
  | { readonly type: 'openSource'; readonly place: FramePlace; readonly toSide: boolean }
  /** The selection changed: the editor reveals the method, without taking the focus. */
  | { readonly type: 'selected'; readonly place: FramePlace | undefined }
  /** The user wants an export; the editor asks for the file name, and for the format where there is none. */
  | { readonly type: 'askExport'; readonly format?: PageExportFormat }
  | { readonly type: 'askComparison' }
  /** Another profile (thread) of the file. */
  | { readonly type: 'chooseProfile'; readonly index: number }
  /** The user cancelled what `progress` tells of. */
  | { readonly type: 'cancelWork' };

/** All that survives a reload of the window or a move of the panel. Plain JSON. */
export interface FlameState {
  readonly version: 1;
  readonly view: ViewKind;
  readonly options: ViewOptions;
  readonly colour: ColourMode;
  readonly search: { readonly query: string; readonly isRegExp: boolean; readonly matchCase: boolean };
  readonly normalised: boolean;
  /** Identity of the focused stack's frames from the root, and of the selected one. */
  readonly focus: readonly string[];
  readonly selected?: string;
  /** Visible part of the width, 0..1, and the first visible row. */
  readonly zoom: { readonly from: number; readonly to: number; readonly row: number };
  readonly sort: { readonly column: string; readonly descending: boolean };
}
