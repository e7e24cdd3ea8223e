import * as vscode from 'vscode';
import type { TargetSummary } from '../../core/heat/heatSnapshot';
import { formatBytes } from '../../core/words/bytes';
import { formatDuration } from '../../core/words/times';
import type { NodeProcess } from '../../node/processes/nodeProcess';
import type { AttachOptions, TargetSpec } from '../../node/recording/recordingTypes';
import { localFolders } from '../workspace/folders';
import type { FilePaths } from '../workspace/filePaths';
import { isInside } from '../workspace/filePaths';
import { confirm } from '../messages/confirm';
import type { Log } from '../messages/log';
import type { Notify } from '../messages/notify';
import { isAgentTarget, processRows } from '../processes/processItems';
import { pickProcesses } from '../processes/processPicker';
import { withQuietProgress } from '../messages/progress';
import type { RecordingHost } from '../recording/recordingHost';
import { requireTrust } from '../workspace/trust';

export interface Attacher {
  /** Attaches to all, one message per failure; resolves to those that are measured now. */
  attach(targets: readonly NamedTarget[]): Promise<TargetSummary[]>;
  /** Lets the user pick among these processes, or among all that run. */
  pickAndAttach(only?: ReadonlySet<number>): Promise<void>;
}

export interface NamedTarget {
  readonly spec: TargetSpec;
  readonly name: string;
}

export function createAttacher(
  host: RecordingHost,
  paths: FilePaths,
  notify: Notify,
  log: Log,
  onAttached: (spec: TargetSpec, targetId: string) => void,
): Attacher {
  const attachOne = async ({ spec, name }: NamedTarget): Promise<TargetSummary | undefined> => {
    const { recording } = await host.start();
    const startedAt = Date.now();
    try {
      const target = await withQuietProgress(
        vscode.l10n.t('Heatlens: attaching to {0}', name),
        ({ signal, report }) => {
          const options: AttachOptions = {
            signal,
            onProgress: (message) => {
              log.info(`${name}: ${message}`);
              report(message);
            },
            onNote: (text) => {
              log.info(`${name}: ${text}`);
              report(text);
            },
            confirmStall: (predictedMs, heapUsedBytes) => confirmStall(name, predictedMs, heapUsedBytes),
          };
          return recording.attach(spec, options);
        },
      );
      onAttached(spec, target.id);
      log.info(
        `attached to ${target.label}, ${target.nodeVersion ?? 'unknown version'}, in ${Date.now() - startedAt} ms`,
      );
      return target;
    } catch (error) {
      notify.error(error);
      return undefined;
    }
  };

  const attach = async (targets: readonly NamedTarget[]): Promise<TargetSummary[]> => {
    requireTrust();
    const attached = await host.whileBusy(() => Promise.all(targets.map(attachOne)));
    return attached.filter((target) => target !== undefined);
  };

  return {
    attach,
    async pickAndAttach(only) {
      requireTrust();
      const { engine } = await host.start();
      const folders = localFolders();
      const folderPaths = folders.flatMap(({ path }) => [...new Set([path, paths.measured(path)])]);
      const list = async () => {
        const processes = await engine.listNodeProcesses({ workspaceFolders: folderPaths });
        return processRows(
          processes.filter((process) => !only || only.has(process.pid)),
          {
            isInWorkspace: (process) => isInFolders(process, folderPaths),
            attachedPids: new Set(host.attachedTargets.flatMap((target) => target.pid ?? [])),
            shortPath: (path) => paths.short(path) || path,
          },
        );
      };
      const title = vscode.l10n.t('Attach to Node Process');
      const picked = await pickProcesses({ list, title, onError: (error) => notify.error(error) });
      if (picked) await attach(picked.map(targetOf));
    },
  };
}

export function targetOf(process: NodeProcess): NamedTarget {
  const name = `${process.name} (${process.pid})`;
  if (isAgentTarget(process)) return { name, spec: { kind: 'agent', socket: process.agentSocket } };
  return { name, spec: { kind: 'pid', pid: process.pid, birth: process.birth } };
}

function isInFolders({ script, cwd }: NodeProcess, folders: readonly string[]): boolean {
  const places = [script, cwd].filter((place) => place !== undefined);
  return places.some((place) => folders.some((folder) => place === folder || isInside(folder, place)));
}

/** Starting V8's profiler stops the target for a time that grows with its heap; a big one is the user's decision. */
function confirmStall(name: string, predictedMs: number, heapUsedBytes: number): Promise<boolean> {
  return confirm({
    question: vscode.l10n.t('Starting the profiler will pause {0} for about {1}.', name, formatDuration(predictedMs)),
    detail: vscode.l10n.t(
      'Its heap holds {0}. Once started, measuring does not stop it again.',
      formatBytes(heapUsedBytes),
    ),
    go: vscode.l10n.t('Attach'),
  });
}
