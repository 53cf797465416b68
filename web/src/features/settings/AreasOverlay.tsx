import { type KeyboardEvent, type PointerEvent, useRef } from "react";

import type { Area } from "../../api/gen";
import { text } from "../../text/en";
import type { Picture } from "../playing/picture";
import { pictureBox } from "../playing/pictureBox";
import { useFrame } from "../playing/useFrame";
import { type Corner, movedArea, withCorner, withoutCorner } from "./areas";
import styles from "./Areas.module.css";

type AreasOverlayProps = {
  areas: readonly Area[];
  picture: Picture;
  chosen: number;
  locked: boolean;
  onChoose: (index: number) => void;
  onChange: (areas: Area[]) => void;
};
const t = text.settings.areas;
const STEP = 0.005;
const LARGE_STEP = 0.05;
const WAYS: Readonly<Record<string, Corner>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** How far a key wishes something moved, in parts of the picture. */
function wayOf(e: KeyboardEvent): Corner | null {
  const way = WAYS[e.key];
  const step = e.shiftKey ? LARGE_STEP : STEP;
  return way ? [way[0] * step, way[1] * step] : null;
}

/** The areas over the picture, wherever it lies in its frame: corners and areas are dragged, or moved by keys. */
export function AreasOverlay({ areas, picture, chosen, locked, onChoose, onChange }: AreasOverlayProps) {
  const frame = useFrame(picture.stage);
  const plane = useRef<HTMLDivElement>(null);
  const held = useRef<{ at: Corner; area: Area; corner: number | null } | null>(null);
  const box = pictureBox(frame, picture.aspect, picture.view);

  const put = (index: number, area: Area) => onChange(areas.map((old, i) => (i === index ? area : old)));
  const place = (e: PointerEvent): Corner => {
    const at = plane.current?.getBoundingClientRect();
    return at ? [(e.clientX - at.left) / at.width, (e.clientY - at.top) / at.height] : [0, 0];
  };
  const grab = (e: PointerEvent, index: number, corner: number | null) => {
    const area = areas[index];
    if (locked || !area || e.button !== 0) return;
    e.currentTarget.setPointerCapture(e.pointerId);
    held.current = { at: place(e), area, corner };
    onChoose(index);
  };
  const drag = (e: PointerEvent, index: number) => {
    if (!held.current) return;
    const { at, area, corner } = held.current;
    const [x, y] = place(e);
    if (corner === null) put(index, movedArea(area, x - at[0], y - at[1]));
    else put(index, withCorner(area, corner, [x, y], e.altKey));
  };
  const drop = () => (held.current = null);
  const key = (e: KeyboardEvent, index: number, corner: number | null) => {
    const area = areas[index];
    const way = wayOf(e);
    const removes = e.key === "Delete" || e.key === "Backspace";
    if (locked || !area || (!way && !removes)) return;
    e.preventDefault();
    const point = corner === null ? undefined : area.points[corner];
    if (removes) {
      if (corner === null) onChange(areas.filter((_, i) => i !== index));
      else put(index, withoutCorner(area, corner));
    } else if (way && point && corner !== null) {
      put(index, withCorner(area, corner, [point[0] + way[0], point[1] + way[1]], e.altKey));
    } else if (way) put(index, movedArea(area, way[0], way[1]));
  };

  return (
    <div
      ref={plane}
      className={styles.plane}
      data-drawn
      style={{ left: box.left, top: box.top, width: box.width, height: box.height }}
      onDoubleClick={(e) => e.stopPropagation()}
    >
      <svg
        className={styles.shapes}
        viewBox="0 0 1 1"
        preserveAspectRatio="none"
        role="group"
        aria-label={text.settings.areaCount(areas.length)}
      >
        {areas.map((area, i) => (
          <polygon
            key={i}
            className={styles.shape}
            data-chosen={i === chosen}
            data-enabled={area.enabled}
            points={area.points.map((point) => point.join(",")).join(" ")}
            tabIndex={0}
            role="button"
            aria-label={t.move(i + 1)}
            onFocus={() => onChoose(i)}
            onPointerDown={(e) => grab(e, i, null)}
            onPointerMove={(e) => drag(e, i)}
            onPointerUp={drop}
            onPointerCancel={drop}
            onKeyDown={(e) => key(e, i, null)}
          />
        ))}
      </svg>
      {areas.map((area, i) =>
        area.points.map(([x, y], corner) => (
          <button
            key={`${i} ${corner}`}
            type="button"
            className={styles.corner}
            data-chosen={i === chosen}
            style={{ left: `${x * 100}%`, top: `${y * 100}%` }}
            aria-label={t.corner(corner + 1, i + 1, Math.round(x * 100), Math.round(y * 100))}
            disabled={locked}
            onFocus={() => onChoose(i)}
            onPointerDown={(e) => grab(e, i, corner)}
            onPointerMove={(e) => drag(e, i)}
            onPointerUp={drop}
            onPointerCancel={drop}
            onKeyDown={(e) => key(e, i, corner)}
          />
        )),
      )}
    </div>
  );
}
