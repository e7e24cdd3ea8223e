import { builtin } from '../builtin';
import { openUndoRegistry, undoRegistry } from '../undo';

const EXACT_MODE = 'exact mode';
const FLAGS = ['turbo-inlining', 'maglev-inlining'];

export function recordsCoverage(): boolean {
  return Boolean(process.env['NODE_V8_COVERAGE']);
}

export function turnInliningOff(owner: string): void {
  openUndoRegistry().register(owner, EXACT_MODE, () => {
    const v8 = builtin('v8');
    const given = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)].map((flag) =>
      flag.replaceAll('_', '-'),
    );
    // What the user switched off himself stays off afterwards.
    const flags = FLAGS.filter((flag) => !given.includes(`--no-${flag}`));
    for (const flag of flags) v8.setFlagsFromString(`--no-${flag}`);
    return {
      undo: () => {
        for (const flag of flags) v8.setFlagsFromString(`--${flag}`);
      },
    };
  });
}

export function turnInliningOn(owner: string): void {
  undoRegistry()?.release(owner, EXACT_MODE);
}
