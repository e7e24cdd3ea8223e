import { t } from '@vscode/l10n';
import { isHeatlensError, type HeatlensError } from '../../core/errors';
import type { Channel, Connection, LeftBehind } from '../channel';
import { closeSoon, closeWhenItOpens } from './closeOpened';
import { expectForwarding, type ForwardedOpening } from './forwardedOpening';
import { guardWatches, installGuard } from './guard';
import { establish } from './inspectorConnection';
import { inspectorLeftOpen } from './inspectorErrors';
import { createLease } from './lease';
import { CLOSE_MS, connectToFound, identifyAs, openSocket, portWatch, type ConnectOptions } from './localInspector';
import { listenerKey, noteOpened, type Opened, type OpenedNote } from './openedNotes';
import type { InspectorAddress } from './openInspector';
import { findInspector, openInspector } from './openInspector';
import { leaveUsualPort } from './usualPort';

/** What is to be closed again, whatever becomes of the attach. */
interface Pending {
  readonly opened: Opened;
  readonly note: OpenedNote;
  readonly forwarding: ForwardedOpening | undefined;
  isAsked: boolean;
}

/**
 * Has the process open an inspector and connects to it; rejects like `connectToPid`, with everything closed that it opened or
 * with `inspectorLeftOpen`. `owner` is our name in the target.
 */
export async function openAndConnect(
  pid: number,
  owner: string,
  mayMove: boolean,
  options: ConnectOptions,
): Promise<Connection> {
  const found = await findInspector(pid, options.birth); // opened by somebody else, while we waited for our turn
  if (found) return connectToFound(pid, found, options);
  let pending: Pending | undefined;
  let inspector: InspectorAddress;
  try {
    inspector = await openInspector(pid, {
      ...options,
      onBeforeSignal: async (listeners) => {
        const opened = { pid, birth: options.birth, lease: owner, before: listeners.map(listenerKey), at: Date.now() };
        pending = { opened, note: await noteOpened(opened), forwarding: undefined, isAsked: false };
        pending = { ...pending, forwarding: await expectForwarding(pid) };
      },
      onLastLook: () => pending?.forwarding?.lastLook(),
      onSignal: () => {
        if (!pending) return;
        pending.isAsked = true;
        pending.note.update({ isAsked: true });
        pending.forwarding?.begin();
      },
    });
  } catch (error) {
    if (pending) leaveToOpen(pending, error);
    throw error;
  }
  if (!pending) throw new Error('It cannot be open before it was asked for.');
  if (!inspector.openedByUs) {
    pending.note.remove();
    void pending.forwarding?.end();
    return connectToFound(pid, inspector, options);
  }
  return connectToOpened(pid, inspector, pending, mayMove, options);
}

/** A process that got no signal opens nothing, one with a handler of its own neither; any other may still do so. */
function leaveToOpen({ opened, note, forwarding, isAsked }: Pending, error: unknown): void {
  if (!isAsked) forwarding?.cancel();
  const opensNone = !isAsked || isHeatlensError(error, 'sigusr1Handled', 'noSuchProcess', 'processReplaced', 'notNode');
  if (opensNone) return note.remove();
  void closeWhenItOpens(opened).then((isDone) => (isDone ? note.remove() : note.abandon()));
}

/** From here on the process differs from how it was found: an abort still has to connect, to close it again. */
async function connectToOpened(
  pid: number,
  first: InspectorAddress,
  { opened, note, forwarding }: Pending,
  mayMove: boolean,
  options: ConnectOptions,
): Promise<Connection> {
  const owner = opened.lease;
  let inspector = first;
  let channel: Channel | undefined;
  try {
    channel = await openSocket(pid, inspector);
    let lease = createLease(channel, owner);
    const identity = await identifyAs(pid, channel);
    await installGuard(channel, owner);
    options.signal?.throwIfAborted();
    const moved = mayMove ? await leaveUsualPort(pid, channel, inspector) : undefined;
    if (moved) {
      inspector = moved;
      channel = await openSocket(pid, inspector);
      lease = createLease(channel, owner);
      await installGuard(channel, owner);
    }
    const isTurning = await guardWatches(channel);
    // Until the event loop has turned, Node may open another one: see `closeAgain`.
    if (isTurning) note.update({ port: inspector.port });
    const warnings = isTurning ? [] : [unwatched(pid)];
    options.signal?.throwIfAborted();
    const connection = await establish({
      channel,
      pid,
      identity,
      lease,
      isGuarded: true,
      via: 'inspector-opened',
      warnings,
      openPort: portWatch(pid, inspector.port),
      note,
    });
    return closingAlso(connection, async () => {
      if (!isTurning) void closeAgain(opened);
      return forwarding?.end();
    });
  } catch (error) {
    // Closed by a connection of its own: whatever went wrong with this one does not keep it open.
    channel?.close();
    const [closing, workers] = await Promise.all([closeSoon(opened, CLOSE_MS), forwarding?.end()]);
    if (closing === 'still-open') {
      leaveToClose(opened, note);
      // What is wrong with it can be seen again; that its inspector is open cannot.
      throw inspectorLeftOpen(pid, inspector.port, error);
    }
    note.remove();
    throw workers ?? error;
  }
}

function leaveToClose(opened: Opened, note: OpenedNote): void {
  note.abandon();
  void closeWhenItOpens(opened).then((isDone) => isDone && note.remove());
}

/** Node opens the inspector of a blocked program twice: in the middle of its loop, and when that turns. */
async function closeAgain(opened: Opened): Promise<void> {
  const note = await noteOpened({ ...opened, isAsked: true });
  const isDone = await closeWhenItOpens(opened);
  if (isDone) note.remove();
  else note.abandon();
}

/** `closeOthers` begins when the connection is closed, and resolves to what could not be put back. */
function closingAlso(connection: Connection, closeOthers: () => Promise<HeatlensError | undefined>): Connection {
  let closing: Promise<LeftBehind | undefined> | undefined;
  const close = async (): Promise<LeftBehind | undefined> => {
    const left = await connection.close();
    if (left) return left;
    const error = await closeOthers();
    // What is left of others was waited for already.
    return error && { error, putBack: Promise.resolve(false) };
  };
  return { ...connection, close: () => (closing ??= close()) };
}

/** Its clocks are fakes, or its event loop did not turn. */
function unwatched(pid: number): string {
  return t(
    'The timers of process {0} did not run: if Heatlens were killed now, the inspector would stay open until Heatlens is started again.',
    pid,
  );
}
