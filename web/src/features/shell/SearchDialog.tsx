import { type KeyboardEvent, useId, useState } from "react";

import { useCameras } from "../../api/queries";
import type { Camera } from "../../api/gen";
import { Dialog } from "../../design/Dialog";
import { text } from "../../text/en";
import { CameraBadge } from "../cameras/CameraBadge";
import styles from "./Dialogs.module.css";
import { navigate } from "./navigation";
import { cameraHref } from "./routes";
import { matching } from "./search";

/** Find a camera by name: a combobox that opens what is chosen. */
export function SearchDialog({ onClose }: { onClose: () => void }) {
  const cameras = useCameras().data ?? [];
  const [words, setWords] = useState("");
  const [at, setAt] = useState(0);
  const listId = useId();
  const found = matching(cameras, words);
  const chosen = found[Math.min(at, found.length - 1)];

  const open = (camera: Camera | undefined) => {
    if (!camera) return;
    onClose();
    navigate(cameraHref(camera.id));
  };
  const onKeyDown = (e: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (step !== undefined) {
      e.preventDefault();
      setAt((old) => Math.max(0, Math.min(found.length - 1, old + step)));
    } else if (e.key === "Enter") open(chosen);
  };

  return (
    <Dialog title={text.search.title} closeLabel={text.actions.close} onClose={onClose}>
      <input
        className={styles.search}
        type="search"
        autoComplete="off"
        role="combobox"
        aria-label={text.search.label}
        aria-expanded={found.length > 0}
        aria-controls={listId}
        aria-activedescendant={chosen ? `${listId}-${chosen.id}` : undefined}
        placeholder={text.search.label}
        value={words}
        onKeyDown={onKeyDown}
        onChange={(e) => {
          setWords(e.target.value);
          setAt(0);
        }}
      />
      <ul className={styles.results} id={listId} role="listbox" aria-label={text.search.results}>
        {found.map((camera) => (
          <li
            key={camera.id}
            id={`${listId}-${camera.id}`}
            className={styles.result}
            role="option"
            aria-selected={camera === chosen}
            onClick={() => open(camera)}
          >
            <span>{camera.name}</span>
            <CameraBadge camera={camera} />
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className={styles.note}>{text.search.nothing}</p>}
    </Dialog>
  );
}
