"""The ballot protocol: Belenios, protocol version 1, over the group Ed25519."""
