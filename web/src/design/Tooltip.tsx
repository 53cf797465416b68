import {
  type FocusEvent,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from "react";

import styles from "./Tooltip.module.css";

const DELAY_MS = 400;
const MARGIN_PX = 8;

/** Put the tip above its anchor, below where there is no room, and never outside the window. */
function place(tip: HTMLElement, anchor: DOMRect): void {
  const width = tip.offsetWidth;
  const centred = anchor.left + anchor.width / 2 - width / 2;
  const left = Math.max(MARGIN_PX, Math.min(centred, window.innerWidth - width - MARGIN_PX));
  const above = anchor.top - tip.offsetHeight - MARGIN_PX;
  tip.style.left = `${left}px`;
  tip.style.top = `${above >= MARGIN_PX ? above : anchor.bottom + MARGIN_PX}px`;
}

/**
 * A name shown when its control is pointed at or focused by keyboard. It repeats the control's label, so it is hidden
 * from screen readers. A popover lies in the top layer: it is seen over dialogs and in full screen too.
 */
export function useTooltip(label: string): { anchor: object; tip: ReactNode } {
  const [anchor, setAnchor] = useState<DOMRect | null>(null);
  const timer = useRef<number>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);

  const hide = () => {
    window.clearTimeout(timer.current);
    setAnchor(null);
  };
  const show = (target: Element, delay: number) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => setAnchor(target.getBoundingClientRect()), delay);
  };
  const handlers = {
    onPointerEnter: (e: PointerEvent) => {
      if (e.pointerType === "mouse") show(e.currentTarget, DELAY_MS);
    },
    onPointerLeave: hide,
    onPointerDown: hide,
    onFocus: (e: FocusEvent) => {
      if (e.currentTarget.matches(":focus-visible")) show(e.currentTarget, 0);
    },
    onBlur: hide,
    onKeyDown: (e: KeyboardEvent) => {
      if (e.key === "Escape") hide();
    },
  };
  const attach = (tip: HTMLSpanElement | null) => {
    if (!tip || !anchor) return;
    if (!tip.matches(":popover-open")) tip.showPopover();
    place(tip, anchor);
  };
  const tip = anchor && (
    <span ref={attach} popover="manual" className={styles.tip} aria-hidden="true">
      {label}
    </span>
  );
  return { anchor: handlers, tip };
}
