import { useEffect, useRef, useState } from "react";

const FAR_US = 2_000_000;

/**
 * The recorder's present. A browser's clock may be wrong, so live pictures, which carry the recorder's time, correct it
 * where the two are far apart.
 */
export function useNow(): { nowUs: number; now: () => number; learn: (liveUs: number) => void } {
  const skewUs = useRef(0);
  const now = () => Date.now() * 1000 + skewUs.current;
  const [nowUs, setNowUs] = useState(() => Date.now() * 1000);
  useEffect(() => {
    const timer = window.setInterval(() => setNowUs(Date.now() * 1000 + skewUs.current), 1000);
    return () => window.clearInterval(timer);
  }, []);
  const learn = (liveUs: number) => {
    if (Math.abs(liveUs - now()) > FAR_US) skewUs.current = liveUs - Date.now() * 1000;
  };
  return { nowUs, now, learn };
}
