import { Fragment } from "react";

import styles from "./Evidence.module.css";
import { fingerprintText } from "./fingerprintText";

const GROUP = 24; // eight pairs: four groups, two or one of them a line

/** A fingerprint in lines that break between pairs, whole when copied. */
export function Fingerprint({ value }: { value: string }) {
  const digits = fingerprintText(value);
  const groups = Array.from({ length: Math.ceil(digits.length / GROUP) }, (_, i) =>
    digits.slice(i * GROUP, (i + 1) * GROUP),
  );
  return (
    <code className={styles.fingerprint}>
      {groups.map((group) => (
        <Fragment key={group}>
          {group}
          <wbr />
        </Fragment>
      ))}
    </code>
  );
}
