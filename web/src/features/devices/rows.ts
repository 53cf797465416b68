import type { BatchItem, BatchResult, Camera, FoundDevice } from "../../api/gen";
import { parseCsv, writeCsv } from "./csv";

/** One line of the list of cameras to add. */
export type Row = {
  key: number;
  address: string;
  name: string;
  user: string;
  password: string;
  channel: string;
  subUrl: string;
};

export const MOST_ROWS = 512;
export const MOST_LOGINS = 4;
export type LoginRow = { user: string; password: string };

const COLUMNS = ["address", "name", "user", "password", "channel", "sub_url"] as const;
type Column = (typeof COLUMNS)[number];

let made = 0;
/** A key that no other line has. */
const nextKey = () => ++made;

export function emptyRow(members: Partial<Omit<Row, "key">> = {}): Row {
  return { address: "", name: "", user: "", password: "", channel: "", subUrl: "", ...members, key: nextKey() };
}

/** What people would call a device that they have not named. */
export function nameOf(device: Pick<FoundDevice, "name" | "make" | "model" | "host">): string {
  const words = [device.name, [device.make, device.model].filter((word) => word !== "").join(" "), device.host];
  return (words.find((word) => word.trim() !== "") ?? "").slice(0, 64);
}

/** What to call what was typed: the host of an address, and of a QR code's text no more than that it is one. */
export function nameOfAddress(address: string): string {
  const host = /^(?:[a-z]+:\/\/)?(\[[^\]]+\]|[^\s/?#{}":]{1,64})/i.exec(address.trim())?.[1];
  return host ?? address.trim().slice(0, 24);
}

/** Host and port of a found device: cameras behind one router differ in nothing else. */
export function placeOf({ address, host }: Pick<FoundDevice, "address" | "host">): string {
  const port = /^[a-z]+:\/\/(?:\[[^\]]*\]|[^/:]*):(\d+)/i.exec(address)?.[1];
  return port === undefined ? host : `${host}:${port}`;
}

export const rowOfFound = (device: FoundDevice) => emptyRow({ address: device.address, name: nameOf(device) });
export const rowOfResult = ({ address, name }: BatchResult) => emptyRow({ address, name });

/** The lines of a file whose first line names the columns; null where none of them is the address. */
export function rowsOfCsv(text: string): { rows: Row[]; skipped: number } | null {
  const [head, ...lines] = parseCsv(text);
  const at = (column: Column) => head?.findIndex((cell) => cell.trim().toLowerCase().replaceAll(" ", "_") === column);
  const places = new Map(COLUMNS.map((column) => [column, at(column) ?? -1]));
  if ((places.get("address") ?? -1) < 0) return null;
  const rows = lines.map((line) => {
    const cell = (column: Column) => line[places.get(column) ?? -1] ?? "";
    const address = cell("address").trim();
    return emptyRow({
      address,
      name: (cell("name").trim() || address).slice(0, 64),
      user: cell("user"),
      password: cell("password"),
      channel: cell("channel").trim(),
      subUrl: cell("sub_url").trim(),
    });
  });
  const named = rows.filter(({ address }) => address !== "");
  return { rows: named, skipped: rows.length - named.length };
}

/** The list as a file; passwords are read from one, and never written to one. */
export function csvOfRows(rows: readonly Row[]): string {
  const columns = COLUMNS.filter((column) => column !== "password");
  const lines = rows.map(({ address, name, user, channel, subUrl }) => [address, name, user, channel, subUrl]);
  return writeCsv([[...columns], ...lines]);
}

/** What is kept, in columns that can be read again. */
export function csvOfCameras(cameras: readonly Camera[]): string {
  const lines = cameras.map((camera) => [
    camera.kind === "onvif" && camera.host !== "" ? camera.host : camera.url,
    camera.name,
    camera.user,
    camera.kind === "onvif" ? "" : camera.sub_url,
    camera.kind,
    camera.make,
    camera.model,
    camera.firmware,
    camera.serial,
    camera.mac,
  ]);
  const head = ["address", "name", "user", "sub_url", "kind", "make", "model", "firmware", "serial", "mac"];
  return writeCsv([head, ...lines]);
}

export function csvOfReport(items: readonly BatchResult[]): string {
  const lines = items.map(({ address, name, state, title, remedy }) => [address, name, state, title, remedy]);
  return writeCsv([["address", "name", "state", "what", "remedy"], ...lines]);
}

/** Why the list can't be added as it stands. */
export function wrongWith(rows: readonly Row[]): "incomplete" | "twice" | "tooMany" | null {
  if (rows.length > MOST_ROWS) return "tooMany";
  if (rows.some(({ address, name }) => address.trim() === "" || name.trim() === "")) return "incomplete";
  const places = rows.map(({ address, channel }) => `${address.trim().toLowerCase()} ${channel}`);
  return new Set(places).size < places.length ? "twice" : null;
}

export function itemOf({ address, name, user, password, channel, subUrl }: Row): BatchItem {
  return {
    address: address.trim(),
    name: name.trim(),
    ...((user !== "" || password !== "") && { user, password }),
    ...(channel !== "" && { channel }),
    ...(subUrl !== "" && { sub_url: subUrl }),
  };
}

/** "Hall 1", "Hall 2", …: as wide as the last number, so that names sort as they count. */
export function numbered(rows: readonly Row[], prefix: string): Row[] {
  const digits = String(rows.length).length;
  return rows.map((row, i) => ({ ...row, name: `${prefix.trim()} ${String(i + 1).padStart(digits, "0")}`.trim() }));
}
