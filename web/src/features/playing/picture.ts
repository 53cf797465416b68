import type { View } from "../camera/zoom";

/** The picture on show, for what is drawn over it: its frame, how it is enlarged, and its width by its height. */
export type Picture = { stage: HTMLElement; view: View; aspect: number };
