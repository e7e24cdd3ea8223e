import { t } from '@vscode/l10n';
import type { Verbosity } from '../../../core/database/explainRun';
import type { Hole, Statement } from '../../../core/database/statement';
import { openHoles } from '../../../core/database/mongo/calls/fillHoles';
import type { HoleField } from '../../../core/protocol/explain';
import { decidedConditions } from '../../../core/database/mongo/calls/conditions';
import { holeText, readHole } from './holeText';
import type { RememberedInputs } from './rememberedInputs';

interface Input {
  readonly text: string;
  readonly source: 'last' | 'sample' | 'typed';
}

/** What the text of a statement does not give, as far as it is known by now. */
export class StatementInputs {
  private readonly inputs = new Map<string, Input>();
  readonly choices = new Map<string, boolean>();
  /** For a statement whose text names none. */
  collection: string | undefined;
  verbosity: Verbosity = 'queryPlanner';

  restore(remembered: RememberedInputs, statement: Statement): void {
    for (const { name } of statement.holes) {
      const text = Object.hasOwn(remembered.values, name) ? remembered.values[name] : undefined;
      if (text !== undefined) this.inputs.set(name, { text, source: 'last' });
    }
    const conditions = new Set(decidedConditions(statement, new Map(), new Map()).map(({ condition }) => condition));
    for (const [condition, holds] of Object.entries(remembered.choices))
      if (conditions.has(condition)) this.choices.set(condition, holds);
    this.collection = remembered.collection;
    this.verbosity = remembered.verbosity;
  }

  /** What holds for one statement in one place only: how it is explained, how its conditions are decided, and values of documents. */
  forgetChoices(): void {
    this.verbosity = 'queryPlanner';
    this.choices.clear();
    for (const [name, { source }] of this.inputs) if (source === 'sample') this.inputs.delete(name);
  }

  /** Without values of sampled documents: they are somebody's data, and are not written down. */
  toRemember(): RememberedInputs {
    const given = [...this.inputs].filter(([, { source }]) => source !== 'sample');
    return {
      values: Object.fromEntries(given.map(([name, { text }]) => [name, text])),
      choices: Object.fromEntries(this.choices),
      ...(this.collection === undefined ? {} : { collection: this.collection }),
      verbosity: this.verbosity,
    };
  }

  setHole(name: string, text: string | null): void {
    if (text === null) this.inputs.delete(name);
    else this.inputs.set(name, { text, source: 'typed' });
  }

  /** Values of sampled documents, for holes that have none. */
  addSamples(samples: ReadonlyMap<string, unknown>, holes: readonly Hole[]): void {
    for (const { name, type } of holes) {
      if (!this.inputs.has(name) && samples.has(name))
        this.inputs.set(name, { text: holeText(samples.get(name), type), source: 'sample' });
    }
  }

  /** Values that can be used, and why others cannot. */
  values(statement: Statement): {
    readonly values: ReadonlyMap<string, unknown>;
    readonly problems: ReadonlyMap<string, string>;
  } {
    const values = new Map<string, unknown>();
    const problems = new Map<string, string>();
    for (const { name, type } of statement.holes) {
      const input = this.inputs.get(name);
      if (!input) continue;
      const reading = readHole(input.text, type);
      if ('problem' in reading) problems.set(name, reading.problem);
      else values.set(name, reading.value);
    }
    return { values, problems };
  }

  /** Holes that are asked for: what conditions leave out is not. */
  fields(statement: Statement): HoleField[] {
    const { values, problems } = this.values(statement);
    const decided = new Map(
      decidedConditions(statement, values, this.choices).map(({ condition, holds }) => [condition, holds]),
    );
    const asked = new Set(openHoles(statement, new Map(), decided).map(({ name }) => name));
    return statement.holes
      .filter(
        ({ name }, at, all) =>
          (asked.has(name) || this.inputs.has(name)) && all.findIndex((each) => each.name === name) === at,
      )
      .map(({ name, type, path }) => {
        const input = this.inputs.get(name);
        const problem = problems.get(name);
        return {
          name,
          type,
          path,
          value: input?.text ?? null,
          source: input?.source ?? 'none',
          ...(problem === undefined ? {} : { problem }),
        };
      });
  }

  /** What still has to be given before the statement can run; null when nothing has. */
  missing(statement: Statement): string | null {
    if (statement.collection === null && !this.collection) return t('Give the name of the collection.');
    const { values, problems } = this.values(statement);
    for (const [name, problem] of problems) return `${name}: ${problem}`;
    const open = openHoles(statement, values, this.choices);
    return open.length ? t('Give a value for {0}.', open.map(({ name }) => name).join(', ')) : null;
  }
}
