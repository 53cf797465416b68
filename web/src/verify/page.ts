/** The verification as a page: drop a file, see the verdict. Used by the app and by the page that works alone. */

import { verifyText as words } from "../text/verify";
import { element } from "./dom";
import { checkManifest } from "./manifest";
import { result } from "./result";
import { blobSource } from "./source";
import { verify, type Trust } from "./verify";
import { readPem } from "./x509";
import { entries, isZip } from "./zip";

/** Fill `container`; `root` is the certificate (PEM) of the recorder that the app belongs to. The answer empties it again. */
export function mountVerify(container: HTMLElement, root: string | null): () => void {
  const page = new Page(root);
  container.append(page.element);
  return () => {
    page.close();
    page.element.remove();
  };
}

class Page {
  readonly element = element("div", { class: "verify" });
  private readonly results = element("div", { class: "result", "aria-live": "polite" });
  private readonly fingerprint = element("input", { type: "text", spellcheck: "false", autocomplete: "off" });
  private readonly note = element("p", { class: "muted" });
  private pem: string | null;
  private file: File | null = null;
  private urls: string[] = [];
  private run = 0;

  constructor(root: string | null) {
    this.pem = root;
    const heading = element(
      "header",
      {},
      element("h1", {}, words.title),
      element("p", { class: "muted" }, words.intro),
    );
    this.element.append(...(root === null ? [heading] : []), this.trustCard(), this.dropZone(), this.results);
  }

  close(): void {
    this.run += 1;
    this.forget();
  }

  private trustCard(): HTMLElement {
    const { title, intro, fingerprint, certificate, here } = words.trust;
    if (this.pem !== null) return element("p", { class: "muted" }, here);
    const file = element("input", { type: "file", accept: ".pem,.crt,.cer" });
    file.addEventListener("change", () => void this.takeCertificate(file.files?.[0]));
    this.fingerprint.addEventListener("change", () => void this.check());
    return element(
      "section",
      { class: "card" },
      element("h2", {}, title),
      element("p", { class: "muted" }, intro),
      element("label", {}, fingerprint, this.fingerprint),
      element("label", {}, certificate, file),
      this.note,
    );
  }

  private async takeCertificate(file: File | undefined): Promise<void> {
    const pem = file && file.size < 65_536 ? await file.text() : "";
    try {
      this.pem = readPem(pem).length ? pem : null;
    } catch {
      this.pem = null;
    }
    this.note.textContent = this.pem ? `${words.trust.chosen} ${file?.name ?? ""}` : words.trust.bad;
    await this.check();
  }

  private dropZone(): HTMLElement {
    const input = element("input", { type: "file", class: "file", accept: "video/mp4,.mp4,.zip" });
    const zone = element(
      "section",
      { class: "card drop" },
      element("label", { class: "button" }, words.choose, input),
      element("span", { class: "muted" }, words.drop),
    );
    input.addEventListener("change", () => void this.take(input.files?.[0]));
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.classList.add("over");
    });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("over");
      void this.take(event.dataTransfer?.files[0]);
    });
    return zone;
  }

  private async take(file: File | undefined): Promise<void> {
    if (!file) return;
    this.file = file;
    await this.check();
  }

  private trust(): Trust {
    if (this.pem !== null) return { pem: this.pem };
    const typed = this.fingerprint.value.trim();
    return typed ? { fingerprint: typed } : null;
  }

  private async check(): Promise<void> {
    if (!this.file) return;
    this.forget();
    const run = ++this.run;
    const file = this.file;
    const all = (await isZip(file).catch(() => false)) ? await entries(file).catch(() => []) : null;
    const videos = all?.filter((entry) => entry.name.endsWith(".mp4")) ?? [{ name: file.name, blob: file }];
    this.results.replaceChildren();
    if (all) this.results.append(await checkManifest(all, this.trust()));
    for (const { name, blob } of videos) {
      if (run !== this.run) return;
      await this.judge(name, blob, () => run === this.run);
    }
  }

  private async judge(name: string, blob: Blob, wanted: () => boolean): Promise<void> {
    const bar = element("progress", { max: "1", value: "0", "aria-label": words.checking(name) });
    const waiting = element("section", { class: "card" }, element("p", {}, words.checking(name)), bar);
    this.results.append(waiting);
    const found = await verify(blobSource(blob), this.trust(), (share) => (bar.value = share));
    if (!wanted()) return;
    const url = URL.createObjectURL(new Blob([blob], { type: "video/mp4" }));
    this.urls.push(url);
    waiting.replaceWith(result(name, blob, url, found));
  }

  private forget(): void {
    this.urls.forEach((url) => URL.revokeObjectURL(url));
    this.urls = [];
  }
}
