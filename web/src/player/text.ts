/** The player's own sentences; others come from the recorder. */
export const text = {
  connectionLost: "The connection to Tawny was lost. Reconnecting.",
  noPicture: "No picture is arriving from the camera.",
  noFootage: "There is no footage here.",
  cameraWaiting: "The camera is not connected.",
  lowResolution: (codec: string) => `Shown in low resolution: this browser can't play ${codec}.`,
  unplayable: (codec: string) => `This browser can't play ${codec}.`,
  unplayableRemedy: "Open this page in a browser that can, set the camera to H.264, or download the video.",
  soundUnplayable: "There is no sound that this browser can play.",
  soundBlocked: "The browser plays sound only after you click on the page.",
  broken: "The picture can't be shown.",
  brokenRemedy: "Reload the page. If it stays so, tell us what camera it is.",
} as const;

/** What people call a codec. */
export function codecName(codec: "h264" | "h265"): string {
  return codec === "h264" ? "H.264" : "H.265";
}
