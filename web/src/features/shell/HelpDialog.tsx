import { Dialog } from "../../design/Dialog";
import { text } from "../../text/en";
import styles from "./Dialogs.module.css";

/** Every shortcut, in the words of the text file: adding a key there shows it here. */
export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={text.help.title} closeLabel={text.actions.close} onClose={onClose}>
      {text.help.groups.map((group) => (
        <section key={group.title} className={styles.group}>
          <h3>{group.title}</h3>
          <dl className={styles.keys}>
            {group.keys.map(({ keys, does }) => (
              <div key={does} className={styles.keyRow}>
                <dt>
                  {keys.map((key) => (
                    <kbd key={key} className={styles.key}>
                      {key}
                    </kbd>
                  ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p className={styles.note}>{text.help.switchOff}</p>
    </Dialog>
  );
}
