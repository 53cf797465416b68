"""Reading a C2PA manifest store in the one form that our exports have; nothing is skipped, nothing may stand where it is not expected.

C2PA's own verifiers leave bytes alone that nobody needs (padding, some labels). Here every byte is either given by the form, or under the claim's
signature, or the signature: so no byte can be changed unseen (C2PA Technical Specification 2.4).

- `cbor`: the deterministic subset of RFC 8949
- `store`: the boxes (JUMBF, ISO/IEC 19566-5), the claim, its COSE signature (RFC 9052), and the checks between them
"""
