/** What every failure of this package is. The Rust source documents its fields, beside the code that fills them in. */
export class DarajaError extends Error {
  static name = "DarajaError";

  constructor(message, { cause, ...fields }) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, fields);
  }

  get name() {
    return "DarajaError";
  }
}
