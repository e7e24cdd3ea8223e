import { data, type AbstractValue } from '../../../evaluate/abstractValue';
import { PLAIN_TYPES, type TypeNames } from '../../../evaluate/types';
import { literal } from '../../../evaluate/value';
import { clientOf, collectionOf, databaseOf, type MongoValue } from './mongoValue';

/** What the name of a type of a driver says, by package and name. */
const TYPES: readonly (readonly [RegExp, (asked: string) => MongoValue])[] = [
  [/^mongodb\.MongoClient$/, () => clientOf('driver')],
  [/^mongodb\.Db$/, () => databaseOf('driver')],
  [/^mongodb\.Collection$/, (asked) => collectionOf('driver', null, { asked })],
  [/^mongoose\.(Model|PaginateModel|SoftDeleteModel)$/, (asked) => collectionOf('mongoose', null, { asked })],
  [/^mongoose\.(Connection|Mongoose)$/, () => databaseOf('mongoose')],
  [/^pymongo(\.\w+)*\.(Async)?MongoClient$/, () => clientOf('pymongo')],
  [/^pymongo(\.\w+)*\.(Async)?Database$/, () => databaseOf('pymongo')],
  [/^pymongo(\.\w+)*\.(Async)?Collection$/, (asked) => collectionOf('pymongo', null, { asked })],
  [/^motor(\.\w+)*\.(AsyncIO)?MotorClient$|^motor(\.\w+)*\.AgnosticClient$/, () => clientOf('motor')],
  [/^motor(\.\w+)*\.(AsyncIOMotor|Agnostic|Motor)Database$/, () => databaseOf('motor')],
  [/^motor(\.\w+)*\.(AsyncIOMotor|Agnostic|Motor)Collection$/, (asked) => collectionOf('motor', null, { asked })],
];

export function externalType(name: string, asked: string): MongoValue | undefined {
  return TYPES.find(([pattern]) => pattern.test(name))?.[1](asked);
}

/** Types of values that the drivers and Mongoose add to those of the languages. */
export const MONGO_TYPES: TypeNames = {
  ObjectId: 'objectId',
  ObjectID: 'objectId',
  PydanticObjectId: 'objectId',
  Filter: 'document',
  FilterQuery: 'document',
  RootFilterQuery: 'document',
  QueryFilter: 'document',
  Document: 'document',
  UpdateFilter: 'document',
};

export const KNOWN_TYPES: TypeNames = { ...PLAIN_TYPES, ...MONGO_TYPES };

/** Constants of packages that stand in statements. */
const CONSTANTS: Readonly<Record<string, number | boolean>> = {
  'pymongo.ASCENDING': 1,
  'pymongo.DESCENDING': -1,
  'pymongo.ReturnDocument.AFTER': true,
  'pymongo.ReturnDocument.BEFORE': false,
};

/** What a package, or something of it, has under a name. */
export function memberOfPackage(owner: string, name: string): AbstractValue | undefined {
  if (Object.hasOwn(CONSTANTS, `${owner}.${name}`)) return data(literal(CONSTANTS[`${owner}.${name}`]));
  if (owner === 'mongoose' && name === 'connection') return databaseOf('mongoose');
  return owner === 'flask_pymongo.PyMongo()' && name === 'db' ? databaseOf('pymongo') : undefined;
}
