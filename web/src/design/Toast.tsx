import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";

import { IconButton } from "./Button";
import { cx } from "./cx";
import { Icon } from "./Icon";
import styles from "./Toast.module.css";

const SHOWN_MS = 7000;

export type ToastMessage = { title: string; detail?: string | undefined; tone?: "good" | "bad" };
type Shown = ToastMessage & { key: number };

const ToastContext = createContext<(message: ToastMessage) => void>(() => undefined);

/** Say that something was done, or was not; for what a person did not wait for on the same spot. */
export function useToast(): (message: ToastMessage) => void {
  return useContext(ToastContext);
}

export function ToastProvider({ dismissLabel, children }: { dismissLabel: string; children: ReactNode }) {
  const [shown, setShown] = useState<Shown[]>([]);
  const next = useRef(0);
  const dismiss = useCallback((key: number) => setShown((all) => all.filter((toast) => toast.key !== key)), []);
  const show = useCallback(
    (message: ToastMessage) => {
      const key = next.current++;
      setShown((all) => [...all.slice(-2), { ...message, key }]);
      window.setTimeout(() => dismiss(key), SHOWN_MS);
    },
    [dismiss],
  );
  const region = useMemo(
    () =>
      shown.map((toast) => <ToastCard key={toast.key} toast={toast} dismissLabel={dismissLabel} onDismiss={dismiss} />),
    [shown, dismissLabel, dismiss],
  );
  return (
    <ToastContext value={show}>
      {children}
      <div className={styles.region} role="status" aria-live="polite">
        {region}
      </div>
    </ToastContext>
  );
}

type CardProps = { toast: Shown; dismissLabel: string; onDismiss: (key: number) => void };

function ToastCard({ toast, dismissLabel, onDismiss }: CardProps) {
  const bad = toast.tone === "bad";
  return (
    <div className={cx(styles.toast, bad && styles.bad)}>
      <Icon name={bad ? "warning" : "check"} />
      <div>
        <strong>{toast.title}</strong>
        {toast.detail !== undefined && <p>{toast.detail}</p>}
      </div>
      <IconButton icon="close" size="s" label={dismissLabel} onClick={() => onDismiss(toast.key)} />
    </div>
  );
}
