/** What other pages use of holds: the dialog that makes one. */
export { HoldDialog } from "./HoldDialog";
