import type { ClipboardEvent } from "react";

import { IconButton } from "../../design/Button";
import { text } from "../../text/en";
import styles from "./Devices.module.css";
import { emptyRow, MOST_ROWS, type Row } from "./rows";

const t = text.devices.many;

type Member = "address" | "name" | "user" | "password";
const members: readonly { member: Member; head: string; label: (n: number) => string; most: number }[] = [
  { member: "address", head: t.address, label: t.rowAddress, most: 2048 },
  { member: "name", head: t.name, label: t.rowName, most: 64 },
  { member: "user", head: t.user, label: t.rowUser, most: 128 },
  { member: "password", head: t.password, label: t.rowPassword, most: 128 },
];

/** The list of cameras to add, a line each. A column copied from a spreadsheet fills the lines below. */
export function RowsGrid({ rows, onChange }: { rows: readonly Row[]; onChange: (rows: Row[]) => void }) {
  const change = (at: number, change: Partial<Row>) =>
    onChange(rows.map((row, i) => (i === at ? { ...row, ...change } : row)));
  const paste = (e: ClipboardEvent, at: number, member: Member) => {
    const lines = e.clipboardData.getData("text").split(/\r?\n/);
    if (lines.at(-1) === "") lines.pop();
    if (lines.length < 2) return;
    e.preventDefault();
    const long = [...rows];
    while (long.length < Math.min(at + lines.length, MOST_ROWS)) long.push(emptyRow());
    onChange(long.map((row, i) => (lines[i - at] === undefined ? row : { ...row, [member]: lines[i - at] })));
  };
  return (
    <div className={styles.gridBox}>
      <table className={styles.grid}>
        <thead>
          <tr>
            {members.map(({ member, head }) => (
              <th key={member} scope="col">
                {head}
              </th>
            ))}
            <td />
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={row.key}>
              {members.map(({ member, head, label, most }) => (
                <td key={member}>
                  <input
                    className={styles.cellInput}
                    type={member === "password" ? "password" : "text"}
                    aria-label={label(i + 1)}
                    placeholder={head}
                    value={row[member]}
                    maxLength={most}
                    autoComplete={member === "password" ? "new-password" : "off"}
                    autoCapitalize="none"
                    spellCheck={false}
                    onPaste={(e) => paste(e, i, member)}
                    onChange={(e) => change(i, { [member]: e.target.value })}
                  />
                </td>
              ))}
              <td>
                <IconButton
                  icon="close"
                  size="s"
                  label={t.removeRow(i + 1)}
                  onClick={() => onChange(rows.filter((_, at) => at !== i))}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
