// What C2PA's own WebAssembly thinks of a file: node c2pa_wasm.mjs PACKAGE ROOT.pem FILE

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [packagePath, rootPath, file] = process.argv.slice(2);
const { initSync, WasmReader } = await import(pathToFileURL(`${packagePath}/pkg/c2pa.js`));

// Node has no FileReaderSync, which the package reads blobs with: a blob over bytes that are in memory, and a reader for it.
class MemoryBlob extends Blob {
  constructor(bytes) {
    super([]);
    this.bytes_ = bytes;
  }
  get size() {
    return this.bytes_.length;
  }
  slice(start = 0, end = this.size) {
    return new MemoryBlob(this.bytes_.subarray(start, end));
  }
}
globalThis.FileReaderSync = class {
  readAsArrayBuffer(blob) {
    return Uint8Array.from(blob.bytes_).buffer;
  }
};

initSync({ module: readFileSync(`${packagePath}/pkg/c2pa_bg.wasm`) });
const settings = { version: 1, trust: { user_anchors: readFileSync(rootPath, "utf8") } };
let state;
try {
  const blob = new MemoryBlob(readFileSync(file));
  const reader = await WasmReader.fromBlob("video/mp4", blob, JSON.stringify(settings));
  state = JSON.parse(reader.json()).validation_state;
} catch (error) {
  state = `error: ${error}`;
}
console.log(state);
