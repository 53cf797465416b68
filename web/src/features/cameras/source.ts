import type { ChangeCamera, OpenTrial } from "../../api/gen";

/** Where a camera's video comes from, as a person types it. */
export type Source = { url: string; subUrl: string; user: string; password: string };

export const emptySource: Source = { url: "", subUrl: "", user: "", password: "" };

/** *word* decoded from a URL; as it stands where it was never encoded ("100%"). */
function decoded(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

const LOGIN = /^(rtsps?:\/\/)([^/?#]*)@(.*)$/i;

/**
 * People paste addresses with the login inside, as makers print them. It moves to its own fields, so that a password
 * is not shown in an address. The last @ ends it: passwords hold @ themselves.
 */
export function withLoginApart(source: Source): Source {
  const match = LOGIN.exec(source.url.trim());
  if (!match) return { ...source, url: source.url.trim() };
  const [, scheme = "", login = "", rest = ""] = match;
  const colon = login.indexOf(":");
  const user = decoded(colon < 0 ? login : login.slice(0, colon));
  const password = colon < 0 ? "" : decoded(login.slice(colon + 1));
  return { ...source, url: scheme + rest, user: source.user || user, password: source.password || password };
}

/** A host or path typed without a scheme still is an RTSP address. */
export function withScheme(url: string): string {
  const address = url.trim();
  return address === "" || /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `rtsp://${address}`;
}

/** A host alone is asked what it is; only what goes on behind it must be an RTSP address. */
function withSchemeForPath(address: string): string {
  return /^[^\s/{}"]+\/\S/.test(address.trim()) ? withScheme(address) : address.trim();
}

export function trialOf(source: Source): OpenTrial {
  const { url, subUrl, user, password } = withLoginApart({ ...source, url: withSchemeForPath(source.url) });
  return { address: url, user, password, ...(subUrl.trim() !== "" && { sub_url: withScheme(subUrl) }) };
}

/** What of a camera's source changed; a password left empty stays as it is. */
export function changeOf(before: Source, after: Source): ChangeCamera {
  const { url, subUrl, user, password } = withLoginApart({ ...after, url: withScheme(after.url) });
  const wantedSub = withScheme(subUrl);
  return {
    ...(url !== before.url && { url }),
    ...(wantedSub !== before.subUrl && { sub_url: wantedSub }),
    ...(user !== before.user && { user }),
    ...(password !== "" && { password }),
  };
}
