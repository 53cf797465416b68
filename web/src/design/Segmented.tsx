import { type ReactNode, useId } from "react";

import styles from "./Segmented.module.css";

type SegmentedProps<T extends string | number> = {
  label: string;
  value: T;
  options: readonly { value: T; label: string; content?: ReactNode }[];
  onChange: (value: T) => void;
};

/** One of a few, all visible: radio buttons that look like one control. */
export function Segmented<T extends string | number>({ label, value, options, onChange }: SegmentedProps<T>) {
  const name = useId();
  return (
    <fieldset className={styles.group}>
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <label key={option.value} className={styles.option}>
          <input
            className={styles.input}
            type="radio"
            name={name}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          <span className={styles.face}>{option.content ?? option.label}</span>
          {option.content !== undefined && <span className="visually-hidden">{option.label}</span>}
        </label>
      ))}
    </fieldset>
  );
}
