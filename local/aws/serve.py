"""Starts the AWS emulator with loopback counted as secure transport.

Policies of this pipeline refuse everything that does not come over TLS, and the emulator enforces policies. On
loopback there is no wire to listen on, so plain HTTP is taken as TLS there, unless the client itself says otherwise
(`x-forwarded-proto: http`): that is how a test sees the policy refuse.
"""

import ministack.app as emulator

_emulator_app = emulator.app


async def _on_loopback(scope, receive, send):
    if scope["type"] == "http" and not any(name == b"x-forwarded-proto" for name, _ in scope["headers"]):
        scope = {**scope, "headers": [*scope["headers"], (b"x-forwarded-proto", b"https")]}
    await _emulator_app(scope, receive, send)


emulator.app = _on_loopback

if __name__ == "__main__":
    emulator.main()
