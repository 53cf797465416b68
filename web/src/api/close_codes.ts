/** Close codes of our sockets that ask for more than coming back (`docs/design/programs.md`). */

/** The session has ended: coming back needs a new one. */
export const SESSION_ENDED = 4401;
