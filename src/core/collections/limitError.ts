/**
 * A foreign text makes more of something than anybody has recorded: the reader gives up before memory is gone. Whoever opened the
 * text turns it into the error that people see. `what` is a plural: "samples".
 */
export class LimitError extends Error {
  constructor(
    readonly most: number,
    readonly what: string,
  ) {
    super(`it has more than ${most.toLocaleString('en')} ${what}`);
  }
}
