import { Fragment, useEffect, useEffectEvent, useState } from "react";

import type { SeenBox } from "../../player";
import { text } from "../../text/en";
import { classWords } from "./classes";
import { LABEL_HEIGHT, labelPlaces, labelWidth } from "./labels";
import type { Picture } from "./picture";
import { pictureBox } from "./pictureBox";
import styles from "./SeenBoxes.module.css";
import { useFrame } from "./useFrame";

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
  const picturePlace = pictureBox(frame, picture.aspect, picture.view);
  const places = boxes.map((box) => ({
    left: picturePlace.left + box.left * picturePlace.width,
    top: picturePlace.top + box.top * picturePlace.height,
    width: (box.right - box.left) * picturePlace.width,
    height: (box.bottom - box.top) * picturePlace.height,
  }));
  const words = boxes.map(kindWords);
  const labels = labelPlaces(
    places,
    words.map((each) => (each === "" ? 0 : labelWidth(each))),
    frame,
  );
  return (
    <div className={styles.plane} aria-hidden="true">
      {boxes.map((box, i) => {
        const label = labels[i];
        return (
          <Fragment key={box.id === "" ? `#${i}` : `${box.id} ${i}`}>
            <div className={styles.box} style={places[i]} />
            {label && (
              <bdi className={styles.kind} style={{ ...label, lineHeight: `${LABEL_HEIGHT}px` }}>
                {words[i]}
              </bdi>
            )}
          </Fragment>
        );
      })}
    </div>
  );
}

const kindWords = ({ kind, likelihood }: SeenBox) =>
  kind === "" || likelihood === null ? classWords(kind) : `${classWords(kind)} ${text.player.percent(likelihood)}`;
