import { attempt } from '../attempt';
import { builtin, nodeProcess, type NodeProcess } from '../builtin';

/**
 * Opens the inspector of this process alone. Node tells a cluster's primary of it by an event of `process`, and the primary has
 * every worker open one, too; so that one event is held back, at the moment when it is emitted.
 */
export function openUnannounced(port: number, host: string): void {
  const process = nodeProcess();
  const restore = attempt(() => holdBack(process!));
  try {
    builtin('inspector').open(port, host);
  } finally {
    attempt(() => restore?.());
  }
}

/** Not possible where `process` is frozen. */
function holdBack(process: NodeProcess): () => void {
  const real: unknown = process.emit;
  const restore = (): void => {
    // It is inherited, unless the program has put one of its own there.
    delete (process as { emit?: unknown }).emit;
    if (process.emit !== real) process.emit = real as typeof process.emit;
  };
  const filtered = (name: unknown, message: unknown, handle: unknown): boolean => {
    if (name === 'internalMessage' && (message as { cmd?: unknown } | undefined)?.cmd === 'NODE_DEBUG_ENABLED')
      return true;
    restore();
    try {
      return (process as unknown as { emit(...all: unknown[]): boolean }).emit(name, message, handle);
    } finally {
      process.emit = filtered as typeof process.emit;
    }
  };
  process.emit = filtered as typeof process.emit;
  return restore;
}
