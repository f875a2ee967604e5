/**
 * Where floats are drawn: inside the main landmark, so that a screen reader finds them in a known place.
 */

/** Undefined before anything is shown; floats go to the body then. */
export const floats = (): HTMLElement | undefined => document.querySelector("main") ?? undefined;
