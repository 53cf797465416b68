import { type Ref, useImperativeHandle, useRef } from "react";

import type { Preview } from "../../player";
import styles from "./Timeline.module.css";

export type CardHandle = { show: (preview: Preview | null, x: number) => void };

/** The small picture above the pointer. It is drawn at once, without React: a pointer does not wait for a page. */
export function PreviewCard({ ref }: { ref: Ref<CardHandle> }) {
  const card = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const shown = useRef<Preview>(null);
  useImperativeHandle(ref, () => ({
    show: (preview, x) => {
      if (!card.current || !canvas.current) return;
      card.current.hidden = preview === null;
      if (!preview) return;
      const { width, height } = preview.image;
      const room = card.current.parentElement?.clientWidth ?? 0;
      const half = card.current.offsetWidth / 2;
      card.current.style.left = `${Math.max(half, Math.min(room - half, x))}px`;
      if (shown.current === preview) return;
      shown.current = preview;
      canvas.current.width = width;
      canvas.current.height = height;
      canvas.current.getContext("2d", { alpha: false })?.drawImage(preview.image, 0, 0);
      canvas.current.dispatchEvent(
        new CustomEvent("tawny:preview", { bubbles: true, detail: { utcUs: preview.utcUs } }),
      );
    },
  }));
  return (
    <div className={styles.card} ref={card} hidden aria-hidden="true">
      <canvas ref={canvas} className={styles.cardPicture} />
    </div>
  );
}
