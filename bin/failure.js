// The errors that end a command. They have the form of the library's errors: a code, a sentence, a hint.

/** The command has failed. The exit code is 1. */
export class Failure extends Error {
  exitCode = 1;

  /**
   * @param {string} code
   * @param {string} message
   * @param {string} hint
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, hint, options) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** Arguments or credentials that cannot be used. Nothing was sent. The exit code is 2. */
export class UsageError extends Failure {
  exitCode = 2;

  /**
   * @param {string} message
   * @param {string} hint
   */
  constructor(message, hint) {
    // The library's code for the same fault, so that there is one code to search for.
    super("ERR_DARAJA_INVALID_OPTION", message, hint);
  }
}

/** Ctrl-C while the terminal is in raw mode, where it is not a signal. The exit code is that of the signal SIGINT. */
export class Interrupted extends Error {
  exitCode = 130;
}
