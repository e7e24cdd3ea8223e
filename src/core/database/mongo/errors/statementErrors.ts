import { t } from '@vscode/l10n';
import { HeatlensError } from '../../../errors';

/** `said` is what the text has in the place of the name. */
export function collectionUnknown(said: string | undefined, nextStep: string): HeatlensError {
  return new HeatlensError(
    'collectionUnknown',
    t('The collection is not known: the text says {0}.', said || t('nothing that can be read')),
    nextStep,
  );
}

/** `listed` are the holes by name and type. */
export function openHolesLeft(listed: string, nextStep: string): HeatlensError {
  return new HeatlensError('openHoles', t('The statement has no value for {0}.', listed), nextStep);
}

export function notOneCommand(): HeatlensError {
  return new HeatlensError('notOneCommand', t('A bulk write is several commands.'), t('Choose one of its operations.'));
}

export function insertHasNoPlan(): HeatlensError {
  return new HeatlensError(
    'nothingToExplain',
    t('An insert has no plan: it reads nothing.'),
    t('Explain a statement that reads or changes these documents.'),
  );
}

export function nothingRead(): HeatlensError {
  return new HeatlensError(
    'nothingToExplain',
    t('The bulk write has no operation that reads, as far as the text tells.'),
    t('Explain the statement that reads these documents, or write one operation as updateOne(…).'),
  );
}

export function notStages(): HeatlensError {
  return new HeatlensError(
    'mongoBadCommand',
    t('The pipeline is not a list of stages.'),
    t('Give a list of documents for it: [{ $match: { … } }, …].'),
  );
}

export function writesInside(stage: string): HeatlensError {
  return new HeatlensError(
    'mongoBadCommand',
    t('{0} stands before the end of the pipeline, where no server allows it, and explaining must not write.', stage),
    t('Make {0} the last stage.', stage),
  );
}

export function nestedTooDeep(levels: number): HeatlensError {
  return new HeatlensError(
    'mongoBadCommand',
    t('The statement is nested more than {0} levels deep.', levels),
    t('Simplify it: no server takes it.'),
  );
}

export function noValueFor(type: string, shown: string, cause: unknown): HeatlensError {
  return new HeatlensError(
    'mongoBadCommand',
    t('{0} is no value for {1}.', shown, type),
    t("Correct the value, for example as ObjectId('…') or ISODate('…')."),
    { cause },
  );
}

export function databaseUnknown(connection: string, nextStep: string): HeatlensError {
  return new HeatlensError(
    'databaseUnknown',
    t('Neither the connection {0} nor the statement names a database.', connection),
    nextStep,
  );
}
