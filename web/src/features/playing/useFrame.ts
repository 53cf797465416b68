import { useEffect, useState } from "react";

/** The size of the frame that a picture is shown in, as it changes. */
export function useFrame(stage: HTMLElement): { width: number; height: number } {
  const [size, setSize] = useState({ width: stage.clientWidth, height: stage.clientHeight });
  useEffect(() => {
    const observer = new ResizeObserver(() => setSize({ width: stage.clientWidth, height: stage.clientHeight }));
    observer.observe(stage);
    return () => observer.disconnect();
  }, [stage]);
  return size;
}
