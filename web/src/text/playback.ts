/** Words about playing recordings: speeds, steps, several cameras, selections. */

const eighths: Readonly<Record<number, string>> = { 0.125: "⅛", 0.25: "¼", 0.5: "½" };

export const playback = {
  speed: "Speed",
  times: (rate: number) => `${rate < 0 ? "−" : ""}${eighths[Math.abs(rate)] ?? Math.abs(rate)}×`,
  backwards: (rate: number) => `Backwards ${Math.abs(rate)}×`,
  backwardsGroup: "Backwards",
  forwardsGroup: "Forwards",
  nextGap: "Next gap",
  previousGap: "Previous gap",
  noNextGap: "There is no later gap.",
  noPreviousGap: "There is no earlier gap.",
  atGap: (why: string) => `Gap: ${why}`,
  police: "For the police…",
  several: "With other cameras",
};

export const steps = {
  title: "Timeline",
  cameras: "Cameras shown",
  choose: "Cameras",
  most: (most: number) => `At most ${most} cameras can be shown in step.`,
  stream: "Resolution",
  low: "Low",
  high: "High",
  lowLabel: "Low resolution: second stream",
  highLabel: "High resolution: main stream",
  none: "Choose the cameras that you want to see in step",
  noneDetail: "Up to nine cameras play on one clock: what you see in all pictures happened at the same moment.",
  noCameras: "No cameras yet",
  player: (names: string) => `Recordings of ${names}`,
  now: "Now",
  waiting: "Waiting for the pictures of all cameras",
  open: (camera: string) => `Open ${camera} at this moment`,
};

export const selection = {
  begin: "Select a range",
  title: "Selected range",
  range: (from: string, to: string, length: string) => `${from} to ${to} (${length})`,
  hint: "Drag the handles, or press I and O where the range begins and ends.",
  export: "Export…",
  hold: "Keep…",
  clear: "Clear the selection",
};
