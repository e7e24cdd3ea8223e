import type { Library } from '../../../evaluate/library';
import { DRIVER_PACKAGE, valueByName } from './evidence';
import { externalCall } from './externalCalls';
import { externalType, memberOfPackage, MONGO_TYPES } from './externalTypes';
import { callMember, sliceCursor } from './memberCalls';
import { memberOfMongo } from './members';
import { mergeDrafts } from './mergeDrafts';
import { STATEMENT_CALL } from './methods';
import { MONGO, type MongoDraft, type MongoValue } from './mongoValue';
import { unknownCall } from './unknownCalls';

/** The MongoDB drivers of Node and Python, and Mongoose. */
export const mongoLibrary: Library<MongoValue, MongoDraft> = {
  name: MONGO,
  packages: DRIVER_PACKAGE,
  calls: STATEMENT_CALL,
  typeNames: MONGO_TYPES,
  injectors: new Set(['InjectModel']),
  valueOfType: externalType,
  valueByName,
  memberOfPackage,
  callExternal: externalCall,
  callUnknown: unknownCall,
  member: memberOfMongo,
  callMember,
  slice: (own, slice) => (own.kind === 'cursor' ? sliceCursor(own, slice) : undefined),
  // A query of Mongoose that is awaited is its result; a cursor of the driver stays one.
  awaited: (own) => (own.kind === 'cursor' && own.draft.collection.api === 'mongoose' ? undefined : own),
  isPlainRead: ({ command: { kind, options } }) =>
    // In a transaction the order of reads matters.
    /^(?:find|aggregate|count|estimatedCount|distinct)$/.test(kind) && options.session === undefined,
  merge: mergeDrafts,
};
