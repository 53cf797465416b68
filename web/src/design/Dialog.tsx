import { type ReactNode, useId, useLayoutEffect, useRef } from "react";

import { IconButton } from "./Button";
import styles from "./Dialog.module.css";

type DialogProps = {
  title: string;
  closeLabel: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons, the main one last. */
  footer?: ReactNode;
};

/**
 * A modal question or form; mounted means open. The platform's own <dialog> keeps the focus inside, makes the rest
 * inert and gives the focus back, and unlike a scripted one it needs no injected <style>, which our policy forbids.
 */
export function Dialog({ title, closeLabel, onClose, children, footer }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const titleId = useId();
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // The platform would choose the close button, which stands first.
    body.current?.querySelector<HTMLElement>("input, select, [tabindex='0']")?.focus();
    return () => element?.close();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={titleId}
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
      onPointerDown={(e) => {
        if (e.target === e.currentTarget) onClose();
      }}
    >
      <div className={styles.frame}>
        <header className={styles.header}>
          <h2 id={titleId}>{title}</h2>
          <IconButton icon="close" label={closeLabel} onClick={onClose} />
        </header>
        <div className={styles.body} ref={body}>
          {children}
        </div>
        {footer !== undefined && <footer className={styles.footer}>{footer}</footer>}
      </div>
    </dialog>
  );
}
