import * as vscode from 'vscode';
import { errorText } from '../../../../core/errors';
import {
  candidatesIn,
  candidatesOfFolder,
  environmentOf,
  type ConnectionCandidate,
} from '../../../../node/database/mongo/connectionCandidates';
import type { Log } from '../../../messages/log';
import type { RecordingHost } from '../../../recording/recordingHost';

/** Connection strings that were found for a folder (its URI): in its `.env` files, and in the processes that are attached. */
export async function findCandidates(
  folder: string,
  host: RecordingHost,
  log: Log,
): Promise<readonly ConnectionCandidate[]> {
  const uri = folder === '' ? undefined : vscode.Uri.parse(folder);
  const ofFolder = uri?.scheme === 'file' ? await candidatesOfFolder(uri.fsPath) : [];
  const ofProcesses = (host.recording?.mainChannels() ?? []).map(async ({ label, channel }) => {
    try {
      return candidatesIn(await environmentOf(channel), label);
    } catch (error) {
      // It is busy, or has just ended.
      log.warn(`environment of ${label}: ${errorText(error)}`);
      return [];
    }
  });
  const all = [...ofFolder, ...(await Promise.all(ofProcesses)).flat()];
  return all.filter((one, at) => all.findIndex((other) => other.uri === one.uri) === at);
}
