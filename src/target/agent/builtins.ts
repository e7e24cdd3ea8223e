import { createRequire } from 'node:module';

/**
 * Node's own modules at the moment they are needed. A plain import of `node:inspector` throws where Node was built without
 * one, and that of `node:crypto` adds some milliseconds to every start of every program.
 */
export const requireBuiltin = createRequire(__filename);
