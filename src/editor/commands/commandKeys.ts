import type { Disposable } from '../../core/disposable';
import type { RecordingHost } from '../recording/recordingHost';
import type { SetContextKey } from '../settings/contextKeys';

/** Keeps the keys up to date that enable and show the commands of a recording. */
export function keepCommandKeys(host: RecordingHost, setKey: SetContextKey): Disposable {
  return host.onDidChange(() => {
    const { recording, snapshot, targets } = host;
    setKey('heatlens.attached', host.attachedTargets.length > 0);
    setKey('heatlens.paused', recording?.paused ?? false);
    setKey('heatlens.hasHeat', snapshot !== undefined && (snapshot.methods.length > 0 || snapshot.cpu.samples > 0));
    setKey('heatlens.exact', snapshot?.accuracy === 'exact');
    setKey('heatlens.measuringExactly', recording?.measuringExactly ?? false);
    setKey('heatlens.severalTargets', targets.length > 1);
  });
}
