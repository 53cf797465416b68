import { useClient } from "../../api/queries";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { parseMoment, SECOND_US } from "../../text/time";

/** A gap is entered a little before it begins, so that its beginning is seen. */
const BEFORE_US = 2 * SECOND_US;

/** Goes to the nearest gap of any of the cameras, or says that there is none. */
export function useGaps(cameras: readonly string[], seek: (us: number) => void, shownUs: () => number) {
  const client = useClient();
  const toast = useToast();
  return (direction: "next" | "previous") => {
    const next = direction === "next";
    // Past the gap whose beginning is being looked at just now.
    const fromUs = shownUs() + (next ? BEFORE_US + SECOND_US : 0);
    void Promise.all(cameras.map((camera) => client.gapFrom(camera, fromUs, direction))).then((answers) => {
      const failed = answers.find((answer) => !answer.ok);
      const found = answers.flatMap((answer) => (answer.ok && answer.value.at ? [parseMoment(answer.value.at)] : []));
      const moments = found.filter((us) => us !== null);
      if (moments.length > 0) seek((next ? Math.min(...moments) : Math.max(...moments)) - BEFORE_US);
      else if (failed) toast({ title: failed.problem.title, detail: failed.problem.detail ?? "", tone: "bad" });
      else toast({ title: next ? text.playback.noNextGap : text.playback.noPreviousGap });
    });
  };
}
