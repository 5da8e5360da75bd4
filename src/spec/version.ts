// Which specification this is.

/** The version of the runtime specification that is implemented. */
export const SPEC_VERSION = '1.3.0';
