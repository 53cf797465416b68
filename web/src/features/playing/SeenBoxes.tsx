import { useEffect, useEffectEvent, useState } from "react";

import type { SeenBox } from "../../player";
import { text } from "../../text/en";
import type { Picture } from "./picture";
import { pictureBox } from "./pictureBox";
import styles from "./SeenBoxes.module.css";
import { useFrame } from "./useFrame";

const percent = (part: number) => `${part * 100}%`;

/** What the camera itself says that it sees, around the things in the picture. *onTold* hears of the first box. */
export function SeenBoxes({ picture, shown, onTold }: { picture: Picture; shown: boolean; onTold: () => void }) {
  const [boxes, setBoxes] = useState<readonly SeenBox[]>([]);
  const frame = useFrame(picture.stage);
  const told = useEffectEvent((seen: readonly SeenBox[]) => {
    if (seen.length > 0) onTold();
    setBoxes(seen);
  });
  useEffect(() => {
    const { stage } = picture;
    const hear = (e: Event) => told((e as CustomEvent<{ boxes: readonly SeenBox[] }>).detail.boxes);
    // The player tells the element that it fills, which lies within the stage.
    stage.addEventListener("tawny:boxes", hear, true);
    return () => stage.removeEventListener("tawny:boxes", hear, true);
  }, [picture.stage]); // eslint-disable-line react-hooks/exhaustive-deps -- the view changes with each pinch, the stage does not
  if (!shown || boxes.length === 0) return null;
  const { left, top, width, height } = pictureBox(frame, picture.aspect, picture.view);
  return (
    <div className={styles.plane} style={{ left, top, width, height }} aria-hidden="true">
      {boxes.map((box, i) => (
        <div
          key={box.id === "" ? `#${i}` : box.id}
          className={styles.box}
          style={{
            left: percent(box.left),
            top: percent(box.top),
            width: percent(box.right - box.left),
            height: percent(box.bottom - box.top),
          }}
        >
          {box.kind !== "" && <span className={styles.kind}>{kindWords(box)}</span>}
        </div>
      ))}
    </div>
  );
}

const kindWords = ({ kind, likelihood }: SeenBox) =>
  likelihood === null ? kind : `${kind} ${text.player.percent(likelihood)}`;
