import { Button, IconButton } from "../../design/Button";
import { text } from "../../text/en";
import styles from "./Devices.module.css";
import { type LoginRow, MOST_LOGINS } from "./rows";

const t = text.devices.many;

type LoginRowsProps = { logins: readonly LoginRow[]; onChange: (logins: LoginRow[]) => void };

/** Logins that are tried on cameras without one of their own. */
export function LoginRows({ logins, onChange }: LoginRowsProps) {
  const change = (at: number, change: Partial<LoginRow>) =>
    onChange(logins.map((login, i) => (i === at ? { ...login, ...change } : login)));
  return (
    <>
      <ul className={styles.logins}>
        {logins.map((login, i) => (
          <li key={i}>
            <input
              className={styles.cellInput}
              aria-label={t.userNumber(i + 1)}
              placeholder={t.user}
              value={login.user}
              maxLength={128}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              onChange={(e) => change(i, { user: e.target.value })}
            />
            <input
              className={styles.cellInput}
              type="password"
              aria-label={t.passwordNumber(i + 1)}
              placeholder={t.password}
              value={login.password}
              maxLength={128}
              autoComplete="new-password"
              onChange={(e) => change(i, { password: e.target.value })}
            />
            <IconButton
              icon="close"
              size="s"
              label={t.removeLogin(i + 1)}
              onClick={() => onChange(logins.filter((_, at) => at !== i))}
            />
          </li>
        ))}
      </ul>
      {logins.length < MOST_LOGINS && (
        <div>
          <Button icon="plus" onClick={() => onChange([...logins, { user: "", password: "" }])}>
            {t.addLogin}
          </Button>
        </div>
      )}
    </>
  );
}
