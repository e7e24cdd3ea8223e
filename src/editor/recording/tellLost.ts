import * as vscode from 'vscode';
import type { LostTarget } from '../../node/recording/recordingTypes';
import type { Notify } from '../messages/notify';

/** Says that a target was lost, and later what has become of one that could not be left as it was found. */
export async function tellLost({ message, target, putBack }: LostTarget, notify: Notify): Promise<void> {
  notify.warn(message);
  const isPutBack = await putBack;
  if (isPutBack === undefined) return;
  if (isPutBack) notify.inform(vscode.l10n.t('The inspector of {0} is closed now.', target.label));
  else notify.warn(message);
}
