import * as vscode from 'vscode';
import { isAttached } from '../../core/heat/heatSource';
import type { Recording, WindowOptions } from '../../node/recording/recordingTypes';
import { setting, updateSetting } from '../settings/configuration';
import { isAbort } from '../messages/notify';
import { withProgress } from '../messages/progress';
import { ask, pickOne, pickSeveral, type Choice } from '../messages/questions';
import type { RecordingHost } from '../recording/recordingHost';
import { memoryOff, noHeat } from '../editorErrors';
import { nothingAttached } from '../../node/recording/recordingErrors';
import { formatDuration } from '../../core/words/times';
import { limited } from '../settings/recordingOptions';
import { requireTrust } from '../workspace/trust';

/** The recording of attached targets; throws `nothingAttached`. */
export function attachedRecording(host: RecordingHost): Recording {
  if (!host.recording || !host.attachedTargets.length) throw nothingAttached();
  return host.recording;
}

/** Detaches the target given, the only process, or those that the user checks. */
export async function detach(host: RecordingHost, targetId?: string): Promise<void> {
  const recording = attachedRecording(host);
  if (targetId !== undefined) return recording.detach(targetId);
  const byProcess = new Map(host.attachedTargets.map((target) => [target.pid ?? target.id, target]));
  // The first of each process is its main thread, which names it; `Map` keeps the last.
  for (const target of [...host.attachedTargets].reverse()) byProcess.set(target.pid ?? target.id, target);
  if (byProcess.size < 2) return recording.detach();
  const items = [...byProcess.values()].map((target) => ({ label: target.label, picked: true, target }));
  const picked = await pickSeveral(items, { title: vscode.l10n.t('Detach from') });
  if (!picked) return;
  await Promise.all(picked.map(({ target }) => recording.detach(target.id)));
}

/** Shows some of the targets, or all of them merged. */
export async function selectTargets(host: RecordingHost): Promise<void> {
  const { recording, targets } = host;
  if (!recording || !targets.length) throw noHeat();
  const items = targets.map((target) => ({
    label: target.label,
    description: isAttached(target) ? undefined : vscode.l10n.t('heat kept'),
    picked: recording.selected?.has(target.id) ?? true,
    target,
  }));
  const title = vscode.l10n.t('Targets to show, merged');
  const picked = await pickSeveral(items, { title });
  if (!picked) return;
  const all = picked.length === 0 || picked.length === items.length;
  recording.select(all ? undefined : new Set(picked.map(({ target }) => target.id)));
}

const intervals: readonly { us: number; note: () => string }[] = [
  { us: 200, note: () => vscode.l10n.t('finest; costs the service 12 to 30 % more CPU') },
  { us: 1000, note: () => vscode.l10n.t('fine; costs 2 to 8 %') },
  { us: 5000, note: () => vscode.l10n.t('default; no measurable cost') },
  { us: 10_000, note: () => vscode.l10n.t('coarse; for services under heavy load') },
];

export async function setSamplingInterval(): Promise<void> {
  const current = setting('cpuSamplingInterval');
  const other = vscode.l10n.t('Another interval…');
  const items: (Choice & { us?: number })[] = intervals.map(({ us, note }) => ({
    label: formatDuration(us / 1000),
    description: us === current ? vscode.l10n.t('{0} · current', note()) : note(),
    us,
  }));
  const picked = await pickOne([...items, { label: other }], {
    title: vscode.l10n.t('CPU Sampling Interval'),
  });
  if (!picked) return;
  const us = picked.us ?? (await askInterval(current));
  if (us !== undefined) await updateSetting('cpuSamplingInterval', us);
}

async function askInterval(current: number): Promise<number | undefined> {
  const text = await ask({
    title: vscode.l10n.t('CPU Sampling Interval'),
    prompt: vscode.l10n.t('Microseconds between samples, 50 to 1,000,000'),
    value: String(current),
    problem: (value) => {
      const us = Number(value);
      return Number.isFinite(us) && limited('cpuSamplingInterval', us) === us
        ? undefined
        : vscode.l10n.t('A number from 50 to 1,000,000');
    },
  });
  return text === undefined ? undefined : Number(text);
}

/** Exact mode for the time of the setting, with progress that can be cancelled: it slows the target while it lasts. */
export async function measureExactly(host: RecordingHost): Promise<void> {
  requireTrust();
  const recording = attachedRecording(host);
  if (recording.measuringExactly) return;
  await withoutInlining(
    (duration) => vscode.l10n.t('Measuring exactly for {0}: V8 inlines nothing meanwhile', duration),
    (durationMs, options) => recording.measureExactly(durationMs, options),
  );
}

/** The same, to learn how bytes divide among inlined methods; the numbers that are shown go on to be the ordinary ones. */
export async function calibrateBytes(host: RecordingHost): Promise<void> {
  requireTrust();
  const recording = attachedRecording(host);
  if (recording.measuringExactly) return;
  if (recording.options.memory === 'off') throw memoryOff();
  await withoutInlining(
    (duration) => vscode.l10n.t('Calibrating bytes for {0}', duration),
    (durationMs, options) => recording.calibrate(durationMs, options),
  );
}

async function withoutInlining(
  titleFor: (duration: string) => string,
  measure: (durationMs: number, options: WindowOptions) => Promise<void>,
): Promise<void> {
  const durationMs = limited('exactDuration', setting('exactDuration')) * 1000;
  await withProgress(titleFor(formatDuration(durationMs)), async (progress, token) => {
    const abort = new AbortController();
    const cancellation = token.onCancellationRequested(() => abort.abort());
    let shownMs = 0;
    const onProgress = (elapsedMs: number): void => {
      const increment = (Math.max(0, elapsedMs - shownMs) / durationMs) * 100;
      shownMs = Math.max(shownMs, elapsedMs);
      const left = Math.max(0, durationMs - elapsedMs);
      progress.report({
        increment,
        message: vscode.l10n.t('{0} left', formatDuration(Math.round(left / 1000) * 1000)),
      });
    };
    try {
      await measure(durationMs, { signal: abort.signal, onProgress });
    } catch (error) {
      if (!isAbort(error)) throw error;
    } finally {
      cancellation.dispose();
    }
  });
}
