import Module from 'node:module';

/** Everything that was given to the editor, in order. */
export interface FakeEditor {
  readonly given: unknown[];
  /** Loads a module of ours that imports `vscode`. */
  load<T>(path: string): T;
}

type Loader = (request: string, ...rest: unknown[]) => unknown;

/**
 * An editor that shows nothing and notes what it was to show: for modules that do no more than hand texts on. Functions
 * resolve to undefined, after they have called the tasks that they were given.
 */
export function createFakeEditor(): FakeEditor {
  const given: unknown[] = [];
  const note = (value: unknown): void => void given.push(value);
  const noting = (...args: unknown[]): unknown => {
    given.push(...args);
    const nothing = (): void => undefined;
    const item = { show: nothing, hide: nothing, dispose: nothing, report: note, info: note, warn: note, error: note };
    for (const arg of args) if (typeof arg === 'function') (arg as (...all: unknown[]) => unknown)(item, {});
    const result = Object.assign(Promise.resolve(undefined), item);
    given.push(result);
    return result;
  };
  const window = new Proxy({}, { get: () => noting });
  class Shown {
    constructor(...args: unknown[]) {
      given.push(...args, this);
    }
  }
  const vscode = {
    window,
    languages: window,
    l10n: { t: (text: string) => text },
    CodeLens: Shown,
    TreeItem: Shown,
    Diagnostic: Shown,
    DiagnosticRelatedInformation: Shown,
    MarkdownString: Shown,
    Location: class {},
    CancellationError: class {},
    commands: window,
    ThemeColor: class {},
    StatusBarAlignment: {},
    LanguageStatusSeverity: {},
    ProgressLocation: {},
  };
  return {
    given,
    load<T>(path: string): T {
      const loader = Module as unknown as { _load: Loader };
      const real = loader._load;
      loader._load = (request, ...rest) => (request === 'vscode' ? vscode : real(request, ...rest));
      try {
        return require(path) as T;
      } finally {
        loader._load = real;
      }
    },
  };
}
