/** This build's version, as `package.json` has it (a test compares them): peers, the board and the log name it. */
export const VERSION = "0.1.0";
