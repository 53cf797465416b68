import type { ComponentProps, ReactNode } from "react";

import styles from "./Button.module.css";
import { cx } from "./cx";
import { Icon, type IconName } from "./Icon";
import { useTooltip } from "./Tooltip";

export type ButtonTone = "primary" | "plain" | "quiet" | "danger";

type ButtonProps = Omit<ComponentProps<"button">, "className"> & {
  tone?: ButtonTone;
  icon?: IconName;
  /** Work is under way: the button keeps its place and can't be pressed again. */
  busy?: boolean;
  children: ReactNode;
};

export function buttonClass(tone: ButtonTone = "plain"): string {
  return cx(styles.button, styles[tone]);
}

export function Button({ tone = "plain", icon, busy = false, children, disabled, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} className={buttonClass(tone)} disabled={disabled === true || busy} aria-busy={busy}>
      {busy ? <span className={styles.spinner} aria-hidden="true" /> : icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

type IconButtonProps = Omit<ComponentProps<"button">, "className" | "aria-label" | "children"> & {
  icon: IconName;
  /** What it does: read aloud, and shown when pointed at. */
  label: string;
  /** A switch of two states; leave out for plain actions. */
  pressed?: boolean;
  size?: "m" | "s";
};

export function IconButton({ icon, label, pressed, size = "m", ...rest }: IconButtonProps) {
  const tooltip = useTooltip(label);
  return (
    <>
      <button
        type="button"
        {...both(rest, tooltip.anchor)}
        className={cx(styles.iconButton, size === "s" && styles.small)}
        aria-label={label}
        aria-pressed={pressed}
      >
        <Icon name={icon} />
      </button>
      {tooltip.tip}
    </>
  );
}

type Handler = (e: unknown) => void;

/** The properties of both; where both listen to an event, both hear it (a menu listens on its trigger too). */
function both(own: object, added: object): object {
  const joined = { ...own } as Record<string, unknown>;
  for (const [name, hears] of Object.entries(added) as [string, Handler][]) {
    const first = joined[name];
    joined[name] =
      typeof first === "function"
        ? (e: unknown) => {
            (first as Handler)(e);
            hears(e);
          }
        : hears;
  }
  return joined;
}
