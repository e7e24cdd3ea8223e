import { HeatlensError } from '../../../errors';

/** `said` is what the text has in the place of the name. */
export function collectionUnknown(said: string | undefined, nextStep: string): HeatlensError {
  return new HeatlensError(
    'collectionUnknown',
    `The collection is not known: the text says ${said || 'nothing that can be read'}.`,
    nextStep,
  );
}

/** `listed` are the holes by name and type. */
export function openHolesLeft(listed: string, nextStep: string): HeatlensError {
  return new HeatlensError('openHoles', `The statement has no value for ${listed}.`, nextStep);
}

export function notOneCommand(): HeatlensError {
  return new HeatlensError('notOneCommand', 'A bulk write is several commands.', 'Choose one of its operations.');
}

export function insertHasNoPlan(): HeatlensError {
  return new HeatlensError(
    'nothingToExplain',
    'An insert has no plan: it reads nothing.',
    'Explain a statement that reads or changes these documents.',
  );
}

export function nothingRead(): HeatlensError {
  return new HeatlensError(
    'nothingToExplain',
    'The bulk write has no operation that reads, as far as the text tells.',
    'Explain the statement that reads these documents, or write one operation as updateOne(…).',
  );
}

export function notStages(): HeatlensError {
  return new HeatlensError(
    'mongoBadCommand',
    'The pipeline is not a list of stages.',
    'Give a list of documents for it: [{ $match: { … } }, …].',
  );
}

export function writesInside(stage: string): HeatlensError {
  return new HeatlensError(
    'mongoBadCommand',
    `${stage} stands before the end of the pipeline, where no server allows it, and explaining must not write.`,
    `Make ${stage} the last stage.`,
  );
}

export function nestedTooDeep(levels: number): HeatlensError {
  return new HeatlensError(
    'mongoBadCommand',
    `The statement is nested more than ${levels} levels deep.`,
    'Simplify it: no server takes it.',
  );
}

export function noValueFor(type: string, shown: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'mongoBadCommand',
    `${shown} is no value for ${type}.`,
    "Correct the value, for example as ObjectId('…') or ISODate('…').",
    { cause },
  );
}

export function databaseUnknown(connection: string, nextStep: string): HeatlensError {
  return new HeatlensError(
    'databaseUnknown',
    `Neither the connection ${connection} nor the statement names a database.`,
    nextStep,
  );
}
