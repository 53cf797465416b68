import type { CameraEvent } from "../../api/gen";
import { events } from "../../text/events";
import { kindOf } from "./kinds";

/** What happened: the recorder's sentence, else the kind. */
export const eventWords = ({ title, kind }: Pick<CameraEvent, "title" | "kind">): string =>
  title === "" ? events.kind[kindOf(kind)] : title;
