import { Fragment } from "react";

import type { CameraEvent } from "../../api/gen";
import { Badge } from "../../design/Badge";
import { Icon } from "../../design/Icon";
import { text } from "../../text/en";
import { clockTime, dateAndTime, duration } from "../../text/format";
import { SECOND_US } from "../../text/time";
import { classWords } from "../playing/classes";
import { Link } from "../shell/navigation";
import { cameraHref, hrefOf } from "../shell/routes";
import { atOf, untilOf } from "./eventList";
import styles from "./Events.module.css";
import { lookOf } from "./kinds";
import { eventWords } from "./words";

/** An event is entered a little before it begins, so that its beginning is seen. */
export const BEFORE_US = 2 * SECOND_US;

/** Kinds that do not say by themselves who or what it was. */
const WITH_CLASSES: ReadonlySet<string> = new Set(["motion", "object", "line", "area", "loitering", "other"]);

const removedHref = (id: string, atUs: number) => hrefOf({ view: "removed-camera", id, atUs });

type EventRowProps = {
  event: CameraEvent;
  camera: string | null;
  /** Its camera is no longer there; what it recorded may be. */
  removed?: boolean;
  zone: string;
  nowUs: number;
  onSeek?: (event: CameraEvent) => void;
};

/** One event; all of it is the link to its moment in the archive. */
export function EventRow({ event, camera, removed = false, zone, nowUs, onSeek }: EventRowProps) {
  const { icon, mark } = lookOf(event.kind);
  const at = atOf(event);
  const until = untilOf(event);
  const words = eventWords(event);
  const seconds = Math.round(((until ?? nowUs) - at) / SECOND_US);
  const notes = [
    camera,
    WITH_CLASSES.has(event.kind) ? [...new Set(event.classes.map(classWords))].join(", ") : "",
  ].filter(Boolean);
  return (
    <li>
      <Link
        className={styles.row}
        href={removed ? removedHref(event.camera, at - BEFORE_US) : cameraHref(event.camera, at - BEFORE_US)}
        aria-label={text.events.open(words, notes.join(", "), dateAndTime(at, zone))}
        onClick={(e) => {
          if (!onSeek || e.ctrlKey || e.metaKey || e.shiftKey || e.button !== 0) return;
          e.preventDefault();
          onSeek(event);
        }}
      >
        <span className={styles.sign} data-mark={mark}>
          <Icon name={icon} />
        </span>
        <span className={styles.what}>
          <span className={styles.title}>{words}</span>
          {notes.length > 0 && (
            <span className={styles.notes}>
              {notes.map((note, i) => (
                <Fragment key={i}>
                  {i > 0 && " · "}
                  <bdi>{note}</bdi>
                </Fragment>
              ))}
            </span>
          )}
        </span>
        <span className={styles.when}>
          <time>{clockTime(at, zone)}</time>
          {until === null ? (
            <Badge tone="accent">{text.events.lasts}</Badge>
          ) : (
            seconds > 0 && <span className={styles.notes}>{text.events.length(duration(seconds))}</span>
          )}
        </span>
      </Link>
    </li>
  );
}
