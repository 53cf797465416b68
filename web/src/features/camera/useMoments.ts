import type { Client } from "../../api/client";
import { useClient } from "../../api/queries";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { parseMoment, SECOND_US } from "../../text/time";

/** A moment is entered a little before it, so that its beginning is seen. */
const BEFORE_US = 2 * SECOND_US;

type Direction = "next" | "previous";
type From = (camera: string, atUs: number, direction: Direction) => ReturnType<Client["gapFrom"]>;
type Ways = { toGap: (direction: Direction) => void; toEvent: (direction: Direction) => void };

/** Goes to the nearest gap, or event, of any of the cameras, or says that there is none. */
export function useMoments(cameras: readonly string[], seek: (us: number) => void, shownUs: () => number): Ways {
  const client = useClient();
  const toast = useToast();
  const going = (from: From, none: Readonly<Record<Direction, string>>) => (direction: Direction) => {
    const next = direction === "next";
    // Past the one whose beginning is being looked at just now.
    const fromUs = shownUs() + (next ? BEFORE_US + SECOND_US : 0);
    void Promise.all(cameras.map((camera) => from(camera, fromUs, direction))).then((answers) => {
      const failed = answers.find((answer) => !answer.ok);
      const found = answers.flatMap((answer) => (answer.ok && answer.value.at ? [parseMoment(answer.value.at)] : []));
      const moments = found.filter((us) => us !== null);
      if (moments.length > 0) seek((next ? Math.min(...moments) : Math.max(...moments)) - BEFORE_US);
      else if (failed) toast({ title: failed.problem.title, detail: failed.problem.detail ?? "", tone: "bad" });
      else toast({ title: none[direction] });
    });
  };
  return {
    toGap: going(client.gapFrom, { next: text.playback.noNextGap, previous: text.playback.noPreviousGap }),
    toEvent: going(client.eventFrom, { next: text.events.noNext, previous: text.events.noPrevious }),
  };
}
