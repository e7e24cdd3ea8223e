import * as vscode from 'vscode';
import type { Disposable } from '../../core/disposable';
import { formatDuration } from '../../core/words/times';
import type { TargetSpec } from '../../node/recording/recordingTypes';
import { commandId } from '../contributions';
import { showInformation } from '../messages/notifications';
import type { RecordingHost } from '../recording/recordingHost';
import { setting } from '../settings/configuration';
import { limited } from '../settings/recordingOptions';

const OFFERED = 'heatlens.calibrationOffered';

export interface CalibrationOffer extends Disposable {
  /** To be told of each target that is attached. */
  attached(spec: TargetSpec, targetId: string): void;
}

/**
 * Offers to calibrate bytes, once in a workspace: when bytes of a process of this machine have been measured, which may be shown
 * at callers. A process behind a host and port may be another machine's, and one that records coverage cannot be calibrated.
 */
export function createCalibrationOffer(host: RecordingHost, memento: vscode.Memento): CalibrationOffer {
  const local = new Set<string>();
  let isAsking = false;
  const isWanted = (): boolean => {
    const { snapshot, recording } = host;
    if (!snapshot || !recording || recording.measuringExactly || recording.paused) return false;
    return (
      snapshot.memory.allocatedInterval !== undefined &&
      snapshot.memory.accuracy === 'approximate' &&
      host.attachedTargets.some(({ id }) => local.has(id)) &&
      setting('offerCalibration') &&
      memento.get<boolean>(OFFERED) !== true
    );
  };
  const offer = async (): Promise<void> => {
    if (!(await host.recording?.canCalibrate())) return;
    await memento.update(OFFERED, true);
    const duration = formatDuration(limited('exactDuration', setting('exactDuration')) * 1000);
    const calibrate = vscode.l10n.t('Calibrate');
    const text = vscode.l10n.t(
      'Bytes of functions that V8 has inlined are shown at their callers. Calibrating tells them apart; the process is slower for {0}.',
      duration,
    );
    if ((await showInformation(text, calibrate)) === calibrate)
      await vscode.commands.executeCommand(commandId('calibrateBytes'));
  };
  const changes = host.onDidChange(() => {
    if (isAsking || !isWanted()) return;
    isAsking = true;
    void offer().finally(() => (isAsking = false));
  });
  return {
    attached({ kind }, targetId) {
      if (kind !== 'host') local.add(targetId);
    },
    dispose: () => changes.dispose(),
  };
}
