import styles from "./Icon.module.css";

/** Our own icons: strokes on a 24 px grid, drawn in the colour of the text around them. */
const paths = {
  wall: "M4 5h7v6H4zM13 5h7v6h-7zM4 13h7v6H4zM13 13h7v6h-7z",
  camera: "M3 8a2 2 0 0 1 2-2h9a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2zM16 10.500l5-3v9l-5-3",
  timeline: "M3 7h7M13 7h8M3 12h11M17 12h4M3 17h5M11 17h10M11 4v16",
  gapNext: "M4 8h5M4 16h5M15 5l5 7-5 7M12 12h8",
  gapBack: "M20 8h-5M20 16h-5M9 5l-5 7 5 7M12 12H4",
  select: "M7 4H4v16h3M17 4h3v16h-3M8 12h8",
  system: "M5 4h14v6H5zM5 14h14v6H5zM8 7h.01M8 17h.01M12 7h4M12 17h4",
  play: "M7 5l12 7-12 7z",
  pause: "M8 5v14M16 5v14",
  frameBack: "M19 6l-8 6 8 6zM6 6v12",
  frameForward: "M5 6l8 6-8 6zM18 6v12",
  back: "M12 5a7 7 0 1 1-6.600 4.700M5 4v6h6",
  forward: "M12 5a7 7 0 1 0 6.600 4.700M19 4v6h-6",
  sound: "M4 9h4l5-4v14l-5-4H4zM16.500 9a4 4 0 0 1 0 6M19 6.500a8 8 0 0 1 0 11",
  muted: "M4 9h4l5-4v14l-5-4H4zM17 10l4 4M21 10l-4 4",
  fullScreen: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
  exitFullScreen: "M9 4v5H4M20 9h-5V4M15 20v-5h5M4 15h5v5",
  snapshot: "M4 8h3l2-3h6l2 3h3v11H4zM12 10a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7",
  download: "M12 4v11M7 10.500l5 5 5-5M4 20h16",
  zoomIn: "M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13M15.500 15.500L20 20M10.500 7.500v6M7.500 10.500h6",
  zoomOut: "M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13M15.500 15.500L20 20M7.500 10.500h6",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  search: "M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13M15.500 15.500L20 20",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  check: "M5 12.500l5 5L19 7",
  warning: "M12 4L2.500 20h19zM12 10v4.500M12 17.500h.01",
  info: "M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17M12 11v5M12 8h.01",
  left: "M15 5l-7 7 7 7",
  right: "M9 5l7 7-7 7",
  down: "M5 9l7 7 7-7",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  edit: "M4 20l1-5L16 4l4 4L9 19zM13.500 6.500l4 4",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1",
  logOut: "M14 4H5v16h9M10 12h11M17 8l4 4-4 4",
  keyboard: "M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M17 14h.01M7 14h.01M10 14h4",
  wait: "M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17M12 7.500v5l3 2",
  drive: "M4 14l2.500-8h11l2.500 8v5H4zM4 14h16M8 16.500h.01M12 16.500h4",
  hold: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3M12 14.500v2",
  shield:
    "M12 3l7.500 2.500v6c0 4.500-3 7.800-7.500 9.500-4.500-1.700-7.500-5-7.500-9.500v-6zM8.500 12l2.500 2.500 4.500-5",
  share: "M12 15V4M8 7.500L12 4l4 3.500M6 12v8h12v-8",
  print: "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
  more: "M5.500 12h1M11.500 12h1M17.500 12h1",
  off: "M12 3v8M6.500 6.500a8 8 0 1 0 11 0",
  bell: "M6 16v-5a6 6 0 0 1 12 0v5l1.500 2h-15zM10 20.500h4",
  motion: "M15 7a5 5 0 1 0 0 10 5 5 0 0 0 0-10M3 8h4M2 12h4.500M3 16h4",
  person: "M12 4a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7M5 20c.5-4 3-6.500 7-6.500s6.500 2.500 7 6.500",
  pet: "M12 12.500c-3 0-5 2.500-5 4.500s1.500 3 5 3 5-1 5-3-2-4.500-5-4.500M5.500 9.500v1.500M9.500 5.500V7M14.500 5.500V7M18.500 9.500v1.500",
  vehicle: "M3 16v-4l2.500-5.500h13L21 12v4zM3 12h18M6.500 16v2.500M17.500 16v2.500M6.500 14h.01M17.500 14h.01",
  plate: "M3 7h18v10H3zM6.500 12h3M12.500 12h5",
  object: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M9 9h6v6H9z",
  line: "M12 3v4M12 10.500v3M12 17v4M4 12h14M14 8l4 4-4 4",
  area: "M5 6l9-2 6 7-4 8-10 1z",
  blur: "M12 4c4 5 6 7.500 6 10.500a6 6 0 0 1-12 0C6 11.500 8 9 12 4z",
  dark: "M19 14.500A8 8 0 1 1 9.500 5a6.500 6.500 0 0 0 9.500 9.500z",
  bright:
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M18.700 5.300l-1.400 1.400M6.700 17.300l-1.400 1.400",
  input: "M4 12h9M9.500 8l4 4-4 4M14 4h6v16h-6",
  relay: "M3 15h4M17 15h4M7 15l9-6.500",
  network: "M12 4v5M5 15v-3h14v3M12 9v3M3 15h4v4H3zM10 15h4v4h-4zM17 15h4v4h-4z",
  mic: "M12 3.500A2.500 2.500 0 0 1 14.500 6v5a2.500 2.500 0 0 1-5 0V6A2.500 2.500 0 0 1 12 3.500M6 11a6 6 0 0 0 12 0M12 17v3.500M9 20.500h6",
  up: "M5 15l7-7 7 7",
  upLeft: "M8 15V8h7M8 8l9 9",
  upRight: "M9 8h7v7M16 8l-9 9",
  downLeft: "M8 9v7h7M8 16l9-9",
  downRight: "M16 9v7H9M16 16L7 7",
  home: "M4 12l8-7 8 7M6.500 10.500V20h11v-9.500",
  near: "M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6M12 3.500v3M12 17.500v3M3.500 12h3M17.500 12h3",
  far: "M2.500 18L9 9l4 5.500 2.500-3 6 6.500z",
  eventNext: "M3 12h8M8 8l4 4-4 4M17 20V4l4.500 3.500L17 11",
  eventBack: "M21 12h-8M16 8l-4 4 4 4M7 20V4L2.500 7.500 7 11",
} as const;

export type IconName = keyof typeof paths;
export const iconNames = Object.keys(paths) as IconName[];

/** An ornament beside words or inside a labelled control; it says nothing by itself. */
export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg className={styles.icon} width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}

/** The mark of the product: an owl's eye. */
export function Mark({ size = 32 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect className={styles.markGround} width="32" height="32" rx="8" />
      <path
        className={styles.markEye}
        d="M5 16c3-5.600 6.700-8.400 11-8.400S24 10.400 27 16c-3 5.600-6.700 8.400-11 8.400S8 21.600 5 16z"
      />
      <circle className={styles.markGround} cx="16" cy="16" r="5" />
      <circle className={styles.markEye} cx="17.800" cy="14.200" r="1.600" />
    </svg>
  );
}
