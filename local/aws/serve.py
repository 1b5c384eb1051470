"""Starts the AWS emulator as strict as AWS, where its own strictness ends.

Loopback counts as secure transport. Policies of this pipeline refuse everything that does not come over TLS, and the
emulator enforces policies. On loopback there is no wire to listen on, so plain HTTP is taken as TLS there, unless the
client itself says otherwise (`x-forwarded-proto: http`): that is how a test sees the policy refuse.

Nobody is root by asking. The emulator takes requests without credentials, the key `test` and any account number for
its root user, and does not check root's signature. Here such requests are refused; root's real key is made at random
for each state folder and known to the supervisor alone, and people get the key of an administrator whose signature
is checked.

Calls of function URLs stand in line. AWS gives each call a processor of its own; here each is a process, and all share
this machine: started at once, a hundred calls are each too slow to be answered in time.

A new function is ready soon. The emulator lets each be pending for half a second, as AWS does for longer; everything
that needs a function waits for that, in every update.
"""

import asyncio
import json
import os
import re
from urllib.parse import parse_qs

import ministack.app as emulator
from ministack.core.router import detect_service
from ministack.services import lambda_svc

_emulator_app = emulator.app

_HEADER_CREDENTIAL = re.compile(r"Credential=([^/,\s]+)")
_ACCOUNT_NUMBER = re.compile(r"\d{12}")
# The emulator's own control routes can wipe it; function URLs decide for themselves whom they let in.
_HEALTH = "/_ministack/health"
_FUNCTION_URL_PATH = "/_aws/lambda-url/"
_FUNCTION_URL_HOST = ".lambda-url."


lambda_svc._LAMBDA_STATE_TRANSITION_DELAY = 0.05

_CALLS_AT_ONCE = 2 * (os.cpu_count() or 1)
_calls = asyncio.Semaphore(_CALLS_AT_ONCE)


def _is_function_url(path, headers):
    return path.startswith(_FUNCTION_URL_PATH) or _FUNCTION_URL_HOST in headers.get("host", "")


def _reads_object(method, path, headers, query):
    """Whether the request only reads one object of S3: `/<bucket>/<key>` and nothing that could mean more."""
    return (
        method in ("GET", "HEAD")
        and query == ""
        and re.fullmatch(r"/[^/_][^/]*/.+", path) is not None
        and detect_service(method, path, headers, {}) == "s3"
    )


def _access_key(headers, query):
    match = _HEADER_CREDENTIAL.search(headers.get("authorization", ""))
    if match:
        return match.group(1)
    credential = parse_qs(query).get("X-Amz-Credential", [""])[0]
    return credential.split("/")[0]


def _refusal(method, path, headers, query):
    """Why a request is refused before the emulator sees it, as an AWS error code; None where it is not."""
    if path == _HEALTH or _is_function_url(path, headers):
        return None
    key = _access_key(headers, query)
    if not key:
        return None if _reads_object(method, path, headers, query) else "MissingAuthenticationToken"
    if key == "test" or _ACCOUNT_NUMBER.fullmatch(key):
        return "InvalidClientTokenId"
    return None


async def _refuse(send, code):
    body = json.dumps({"__type": code, "message": "The request is not signed with a key of this account."}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _strict(scope, receive, send):
    if scope["type"] != "http":
        await _emulator_app(scope, receive, send)
        return
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    code = _refusal(scope["method"], scope["path"], headers, scope.get("query_string", b"").decode("latin-1"))
    if code is not None:
        await _refuse(send, code)
        return
    if "x-forwarded-proto" not in headers:
        scope = {**scope, "headers": [*scope["headers"], (b"x-forwarded-proto", b"https")]}
    if _is_function_url(scope["path"], headers):
        async with _calls:
            await _emulator_app(scope, receive, send)
        return
    await _emulator_app(scope, receive, send)


emulator.app = _strict

if __name__ == "__main__":
    emulator.main()
