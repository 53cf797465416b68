"""Whether a file is what a trusted recorder recorded, told from the file and one certificate alone (`docs/reference/evidence.md`).

- `verdict`: what comes of it, in words and as JSON
- `reading`: a file in pieces, each byte hashed once for the claim and once for its leaf
- `trust`: certificates from such a file
- `footage`: segments and lines against signed heads; `order`: sequences, what was left out, holes
- `service`: the six checks in their order, and the verdict; `commands`: ``tawny verify``
"""
