import type { Camera } from "../../api/gen";
import { useToast } from "../../design/Toast";
import type { Player } from "../../player";
import { text } from "../../text/en";
import { dateKey, timeKey, toWall } from "../../text/time";
import { cameraHref } from "../shell/routes";

const EXTENSIONS: Readonly<Record<string, string>> = { "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp" };

/** A name any system can store, made of what a person called the camera and of the moment. */
export function snapshotName(camera: string, us: number, zone: string, type: string): string {
  const words =
    camera
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 60) || "camera";
  const wall = toWall(us, zone);
  return `${words} ${dateKey(wall)} ${timeKey(wall).replaceAll(":", "-")}.${EXTENSIONS[type] ?? "png"}`;
}

/** What can be taken away from the page: a still picture, a link to the moment. */
export function useCameraActions(camera: Camera | undefined, shown: () => Player | null, zone: string) {
  const toast = useToast();
  return {
    snapshot: async (us: number) => {
      try {
        const player = shown();
        if (!player || !camera) throw new Error("no player");
        const picture = await player.snapshot();
        const url = URL.createObjectURL(picture);
        const link = document.createElement("a");
        link.href = url;
        link.download = snapshotName(camera.name, us, zone, picture.type);
        link.click();
        window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
        toast({ title: text.player.snapshotSaved });
      } catch {
        toast({ title: text.player.snapshotFailed, detail: text.player.snapshotFailedDetail, tone: "bad" });
      }
    },
    copyLink: (us: number | null) => {
      if (!camera) return;
      const link = new URL(cameraHref(camera.id, us === null ? null : Math.round(us / 1000) * 1000), location.origin);
      // Without HTTPS browsers have no clipboard for pages; then the link is shown to be copied by hand.
      if (!window.isSecureContext) toast({ title: text.camera.linkByHand, detail: link.href });
      else
        navigator.clipboard.writeText(link.href).then(
          () => toast({ title: text.camera.linkCopied }),
          () => toast({ title: text.camera.linkByHand, detail: link.href }),
        );
    },
  };
}
