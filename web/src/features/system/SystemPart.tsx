import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { problem } from "../../api/queries";
import { Button } from "../../design/Button";
import { Page } from "../../design/Page";
import { ErrorState, Skeleton } from "../../design/States";
import { text } from "../../text/en";
import type { SystemView } from "../shell/routes";
import styles from "./System.module.css";
import { SystemTabs } from "./SystemTabs";

type SystemPartProps<T> = {
  view: SystemView;
  title: string;
  intro?: string;
  actions?: ReactNode;
  query: UseQueryResult<T>;
  children: (value: T) => ReactNode;
};

/** One part of System: its title and tabs, and what is asked for, is being asked for, or could not be had. */
export function SystemPart<T>({ view, title, intro, actions, query, children }: SystemPartProps<T>) {
  return (
    <Page title={title} actions={actions}>
      <SystemTabs view={view} />
      {intro !== undefined && <p className={styles.intro}>{intro}</p>}
      {query.isPending && <Skeleton label={text.shell.loading} lines={6} />}
      {query.isError && query.data === undefined && (
        <ErrorState
          title={problem(query.error).title}
          detail={problem(query.error).detail}
          action={<Button onClick={() => void query.refetch()}>{text.actions.tryAgain}</Button>}
        />
      )}
      {query.data !== undefined && <div className={styles.parts}>{children(query.data)}</div>}
    </Page>
  );
}
