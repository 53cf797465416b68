import type { ReactNode } from "react";

import styles from "./Tabs.module.css";

/** The parts of one place, each with an address of its own: give links, the present one with aria-current="page". */
export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {children}
    </nav>
  );
}

export const tabClass = styles.tab ?? "";
