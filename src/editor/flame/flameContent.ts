import type { Uri } from 'vscode';
import type { Disposable } from '../../core/disposable';
import type { MethodResolver } from '../../core/heat/methodResolver';
import type { ProfileColumns } from '../../core/profile/profileColumns';
import { onAbort } from '../../core/abort';

/** One profile, ready to be sent: `data` are the encoded columns. */
export interface ShownProfile {
  readonly columns: ProfileColumns;
  readonly data: ArrayBuffer;
  readonly live: boolean;
  /** All that can be chosen (threads of a file, targets of a recording), and which one this is. */
  readonly titles: readonly string[];
  readonly active: number;
  /** Who maps frames to their source. */
  resolverOf(frame: number): MethodResolver;
}

export type ContentStatus =
  | { readonly type: 'progress'; readonly text: string; readonly fraction?: number }
  | { readonly type: 'failure'; readonly message: string; readonly nextStep: string }
  | { readonly type: 'ended'; readonly message: string };

/** What a flame graph shows: a file or the recording. Pages ask when they are ready and visible, and after each change. */
export interface FlameContent extends Disposable {
  /** For people, and for the names of exported files. */
  readonly name: string;
  /** Of a file. */
  readonly uri?: Uri;
  readonly onDidChange: (listener: () => void) => Disposable;
  /** The same object until something changed. Undefined while there is nothing, which `status` explains. */
  profile(): ShownProfile | undefined;
  readonly status: ContentStatus | undefined;
  /** By index into `titles`. */
  choose(index: number): void;
  /** Gives up what `progress` tells of. */
  cancel?(): void;
}

/** What is shown once it was read; undefined where nothing comes. */
export function whenShown(content: FlameContent, signal?: AbortSignal): Promise<ShownProfile | undefined> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const profile = content.profile();
      if (!profile && content.status?.type === 'progress') return;
      listening.dispose();
      aborting.dispose();
      resolve(profile);
    };
    const listening = content.onDidChange(look);
    const aborting = onAbort(signal, (reason) => {
      listening.dispose();
      reject(reason);
    });
    look();
  });
}
