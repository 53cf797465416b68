"""Whether a file is what a trusted recorder recorded, told from the file and one certificate alone (`docs/reference/evidence.md`).

- `verdict`: what comes of it, in words and as JSON
- `reading`: a file in pieces, each byte hashed once for the claim and once for its leaf
- `footage`: segments and lines against signed heads; `order`: sequences, what was left out, holes
- `checks`: the six checks in their order; `service`: the verdict; `commands`: ``tawny verify``
"""
