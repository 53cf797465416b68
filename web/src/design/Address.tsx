import { Fragment } from "react";

/** An address in its own direction, which breaks where a reader would, not within a word. */
export function Address({ children }: { children: string }) {
  const parts = children.split(/(?<=[^/:][/?&=@])|(?<=:\/\/)/);
  return (
    <bdi dir="ltr">
      {parts.map((part, i) => (
        <Fragment key={i}>
          {i > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </bdi>
  );
}
