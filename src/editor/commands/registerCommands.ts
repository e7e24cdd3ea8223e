import * as vscode from 'vscode';
import type { CommandName, CommandTable, InternalCommandName } from '../contributions';
import { commandId } from '../contributions';
import type { Notify } from '../messages/notify';

type AnyCommand = CommandName | InternalCommandName;

/** Registers all; whatever a command throws is shown once, with its next step. */
export function registerCommands(table: CommandTable<AnyCommand>, notify: Notify): vscode.Disposable {
  const registrations = Object.entries(table).map(([name, run]) =>
    vscode.commands.registerCommand(commandId(name as AnyCommand), async (...args: unknown[]) => {
      try {
        return await run(...args);
      } catch (error) {
        notify.error(error);
        return undefined;
      }
    }),
  );
  return vscode.Disposable.from(...registrations);
}

/** Commands whose table is loaded by the first one that runs. */
export function lazyCommands<Name extends AnyCommand>(
  names: readonly Name[],
  load: () => Promise<CommandTable<Name>>,
): CommandTable<Name> {
  const run =
    (name: Name) =>
    async (...args: unknown[]) =>
      (await load())[name](...args);
  return Object.fromEntries(names.map((name) => [name, run(name)])) as CommandTable<Name>;
}
