/** Where the picture lies in its frame: what is drawn over it has to know. */

import type { View } from "../camera/zoom";

export type Box = { left: number; top: number; width: number; height: number };

/** The picture of *aspect* (width by height), letterboxed in a frame and enlarged as *view* says, in the frame's pixels. */
export function pictureBox(frame: { width: number; height: number }, aspect: number, view: View): Box {
  const width = Math.min(frame.width, frame.height * aspect);
  const height = Math.min(frame.height, frame.width / aspect);
  return {
    left: view.x * frame.width + ((frame.width - width) / 2) * view.scale,
    top: view.y * frame.height + ((frame.height - height) / 2) * view.scale,
    width: width * view.scale,
    height: height * view.scale,
  };
}
