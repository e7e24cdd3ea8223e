/** What came is no message of the protocol: the connection cannot go on. */
export class ProtocolError extends Error {}
