import type { ReactNode } from "react";

import { Button } from "../../design/Button";
import { Dialog } from "../../design/Dialog";
import type { IconName } from "../../design/Icon";
import { text } from "../../text/en";

type FormDialogProps = {
  title: string;
  /** What the main button says. */
  action: string;
  icon?: IconName | undefined;
  tone?: "danger" | "primary";
  busy: boolean;
  /** Whether what was typed will do. */
  ready: boolean;
  onSubmit: () => Promise<void>;
  onClose: () => void;
  children: ReactNode;
};

/** A few fields to fill in and send off; it stays open until who uses it closes it. */
export function FormDialog({ title, action, icon, tone = "primary", busy, ready, ...props }: FormDialogProps) {
  return (
    <Dialog title={title} closeLabel={text.actions.close} onClose={props.onClose}>
      <form
        className="form"
        onSubmit={(e) => {
          e.preventDefault();
          if (ready) void props.onSubmit();
        }}
      >
        {props.children}
        <div className="form-actions">
          <Button onClick={props.onClose}>{text.actions.cancel}</Button>
          <Button type="submit" tone={tone} {...(icon && { icon })} busy={busy} disabled={!ready}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
