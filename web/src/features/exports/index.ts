/** What other pages use of exports: the dialogs that begin one. */
export { ExportDialog } from "./ExportDialog";
export { PoliceDialog } from "./PoliceDialog";
export type { RangeUs } from "./range";
