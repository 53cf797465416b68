import { useStorage } from "../../api/archive_queries";
import { Tabs, tabClass } from "../../design/Tabs";
import { text } from "../../text/en";
import { Link } from "../shell/navigation";
import { systemPaths, type SystemView } from "../shell/routes";
import styles from "./System.module.css";

const tabs = [
  { view: "system", label: text.systemTabs.overview },
  { view: "storage", label: text.systemTabs.storage },
  { view: "exports", label: text.systemTabs.exports },
  { view: "shares", label: text.systemTabs.shares },
  { view: "holds", label: text.systemTabs.holds },
  { view: "evidence", label: text.systemTabs.evidence },
  { view: "verify", label: text.systemTabs.verify },
] as const satisfies readonly { view: SystemView; label: string }[];

/** The parts of System. */
export function SystemTabs({ view }: { view: SystemView }) {
  const alarms = useStorage().data?.alarms.length ?? 0;
  return (
    <Tabs label={text.systemTabs.label}>
      {tabs.map((tab) => (
        <Link
          key={tab.view}
          className={tabClass}
          href={systemPaths[tab.view]}
          aria-current={tab.view === view ? "page" : undefined}
        >
          {tab.label}
          {tab.view === "storage" && alarms > 0 && <span className={styles.count}>{alarms}</span>}
        </Link>
      ))}
    </Tabs>
  );
}
