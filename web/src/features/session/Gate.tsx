import { useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { keys, problem, useSession } from "../../api/queries";
import { Button } from "../../design/Button";
import { ErrorState, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import { Login } from "./Login";
import styles from "./Session.module.css";
import { Setup } from "./Setup";

/** Whoever is not signed in sees the way in, at the address asked for: signing in goes on there. */
export function Gate({ children }: { children: ReactNode }) {
  const cache = useQueryClient();
  const session = useSession();
  if (session.data?.user) return children;
  if (session.data?.setup_required === true) return <Setup />;
  if (session.data) return <Login />;
  if (session.isPending) {
    return (
      <div className={styles.screen}>
        <Skeleton label={text.shell.loading} />
      </div>
    );
  }
  const { title, detail } = problem(session.error);
  return (
    <main className={styles.screen}>
      <ErrorState
        level={1}
        title={title}
        detail={detail}
        action={
          <Button tone="primary" onClick={() => void cache.invalidateQueries({ queryKey: keys.session })}>
            {text.actions.tryAgain}
          </Button>
        }
      />
    </main>
  );
}
