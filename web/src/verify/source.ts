/** Where a file's bytes come from: read in pieces, so that a file of any size fits. */

import { Flaw, type Bytes } from "./bytes";

export interface Source {
  readonly size: number;
  /** `size` bytes from `offset` on; a Flaw where the file ends before. */
  read(offset: number, size: number): Promise<Bytes>;
}

export function blobSource(blob: Blob): Source {
  return {
    size: blob.size,
    async read(offset, size) {
      if (offset < 0 || size < 0 || offset + size > blob.size) {
        throw new Flaw("truncated", "The file ends too early.", blob.size);
      }
      return new Uint8Array(await blob.slice(offset, offset + size).arrayBuffer());
    },
  };
}
