// Why a command ends early, in the form of the library's errors: a code, a sentence, a hint.

/** What a command could not do; the exit code is 1. */
export class Failure extends Error {
  exitCode = 1;

  constructor(code, message, hint, options) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** Arguments or credentials that cannot be used: nothing was sent; the exit code is 2. */
export class UsageError extends Failure {
  exitCode = 2;

  constructor(message, hint) {
    // The library's code for the same fault, so that there is one code to search for.
    super("ERR_DARAJA_INVALID_OPTION", message, hint);
  }
}

/** Ctrl-C where the terminal makes no signal of it; the exit code is the one that a shell expects of the signal. */
export class Interrupted extends Error {
  exitCode = 130;
}
