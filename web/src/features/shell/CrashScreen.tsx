import { Component, type ReactNode } from "react";

import { Button } from "../../design/Button";
import { ErrorState } from "../../design/States";
import { text } from "../../text/en";

/** A defect of ours ends in words and a way on, never in an empty page. React knows this only as a class. */
export class CrashScreen extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError(): { crashed: boolean } {
    return { crashed: true };
  }

  override render(): ReactNode {
    if (!this.state.crashed) return this.props.children;
    return (
      <main>
        <ErrorState
          level={1}
          title={text.crash.title}
          detail={text.crash.detail}
          action={
            <Button tone="primary" onClick={() => location.reload()}>
              {text.crash.reload}
            </Button>
          }
        />
      </main>
    );
  }
}
