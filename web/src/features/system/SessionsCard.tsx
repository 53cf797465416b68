import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";

import type { Session, SessionState } from "../../api/gen";
import { keys, problem, useClient, useSession } from "../../api/queries";
import { valueOf } from "../../api/result";
import { Badge } from "../../design/Badge";
import { Button } from "../../design/Button";
import { Card } from "../../design/Page";
import { Notice, Skeleton } from "../../design/States";
import { useToast } from "../../design/Toast";
import { text } from "../../text/en";
import { dateAndTime } from "../../text/format";
import { parseMoment } from "../../text/time";
import styles from "./System.module.css";
import { deviceOf } from "./userAgent";

/** Where one is signed in, to end what should not be. */
export function SessionsCard({ zone }: { zone: string }) {
  const client = useClient();
  const cache = useQueryClient();
  const toast = useToast();
  const name = useSession().data?.user?.name ?? "";
  const query = useQuery({
    queryKey: keys.sessions,
    queryFn: async ({ signal }) => valueOf(await client.sessions(signal)).items,
  });
  const [leaving, setLeaving] = useState(false);

  const signOut = async () => {
    setLeaving(true);
    const answer = await client.signOut();
    setLeaving(false);
    if (answer.ok) {
      cache.setQueryData<SessionState>(keys.session, { setup_required: false, user: null });
    } else toast({ title: answer.problem.title, detail: answer.problem.detail ?? undefined, tone: "bad" });
  };
  const end = async (session: Session) => {
    const answer = await client.endSession(session.id);
    if (!answer.ok) toast({ title: answer.problem.title, detail: answer.problem.detail ?? undefined, tone: "bad" });
    await cache.invalidateQueries({ queryKey: keys.sessions });
  };

  return (
    <Card
      title={text.sessions.title(name)}
      actions={
        <Button icon="logOut" busy={leaving} onClick={() => void signOut()}>
          {text.sessions.signOut}
        </Button>
      }
    >
      {query.isPending && <Skeleton label={text.shell.loading} />}
      {query.isError && <Notice tone="bad" title={problem(query.error).title} detail={problem(query.error).detail} />}
      <ul className={styles.sessions}>
        {query.data?.map((session) => (
          <SessionRow key={session.id} session={session} zone={zone} onEnd={() => void end(session)} />
        ))}
      </ul>
    </Card>
  );
}

function SessionRow({ session, zone, onEnd }: { session: Session; zone: string; onEnd: () => void }) {
  const seen = parseMoment(session.last_seen_at);
  const device = deviceOf(session.user_agent);
  return (
    <li className={styles.session}>
      <div>
        <p title={session.user_agent}>{device}</p>
        {seen !== null && <p className={styles.muted}>{text.sessions.seen(dateAndTime(seen, zone))}</p>}
      </div>
      {session.current ? (
        <Badge tone="accent">{text.sessions.current}</Badge>
      ) : (
        <Button tone="quiet" aria-label={text.sessions.endOn(device)} onClick={onEnd}>
          {text.sessions.end}
        </Button>
      )}
    </li>
  );
}
