import type { KeyboardEvent, PointerEvent, ReactNode } from "react";

import { cx } from "../../design/cx";
import styles from "./Controls.module.css";

type HoldButtonProps = {
  label: string;
  children: ReactNode;
  disabled?: boolean;
  wide?: boolean;
  onHold: () => void;
  onRelease: () => void;
};

const isPress = (e: KeyboardEvent) => e.key === " " || e.key === "Enter";

/** Something that lasts for as long as the button is held, by pointer or key; however it is let go, it ends. */
export function HoldButton({ label, children, disabled = false, wide = false, onHold, onRelease }: HoldButtonProps) {
  const down = (e: PointerEvent) => {
    if (e.button !== 0) return;
    e.currentTarget.setPointerCapture(e.pointerId);
    onHold();
  };
  return (
    <button
      type="button"
      className={cx(styles.hold, wide && styles.wide)}
      aria-label={wide ? undefined : label}
      title={wide ? undefined : label}
      disabled={disabled}
      onPointerDown={down}
      onPointerUp={onRelease}
      onPointerCancel={onRelease}
      onLostPointerCapture={onRelease}
      onBlur={onRelease}
      // A long touch would open the menu of the browser.
      onContextMenu={(e) => e.preventDefault()}
      onKeyDown={(e) => {
        if (!isPress(e)) return;
        e.preventDefault();
        if (!e.repeat) onHold();
      }}
      onKeyUp={(e) => isPress(e) && onRelease()}
    >
      {children}
    </button>
  );
}
