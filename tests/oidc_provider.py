"""A small OpenID Connect provider, run as a process of its own on loopback: ``python tests/oidc_provider.py``.

It prints its port. Whoever comes to /authorize is signed in at once as the subject set by /be?sub=…; ``flaw`` makes
its next ID tokens wrong in one way. It checks the client's secret, the redirect address and PKCE as a real one does.
"""

import base64
import hashlib
import json
import secrets
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "cong-phoi-hop", "bi-mat-cua-thu"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
CODES: dict[str, dict] = {}
STATE = {"sub": "", "flaw": ""}


def id_token(issuer: str) -> str:
    """The signed word on who signed in, with the flaw that was asked for."""
    flaw, now = STATE["flaw"], int(time.time())
    claims = {"iss": issuer, "aud": CLIENT, "sub": STATE["sub"], "iat": now, "exp": now + 300}
    claims |= {"email": "officer_a@example.vn", "preferred_username": "officer_a"}
    claims |= {"iss": "http://khac.example"} if flaw == "issuer" else {}
    claims |= {"aud": "khac"} if flaw == "audience" else {}
    claims |= {"exp": now - 60} if flaw == "expired" else {}
    claims |= {"iat": now + 3600} if flaw == "from the future" else {}
    claims |= {"iat": now + 20} if flaw == "a little ahead" else {}
    claims.pop(flaw.removeprefix("without "), None)
    headers = {"kid": "khac" if flaw == "key" else "mot"}
    if flaw == "unsigned":
        return jwt.encode(claims, None, algorithm="none", headers=headers)
    if flaw == "symmetric":
        return jwt.encode(claims, "x" * 32, algorithm="HS256", headers=headers)
    return jwt.encode(claims, OTHER_KEY if flaw == "signature" else KEY, algorithm="RS256", headers=headers)


class Provider(BaseHTTPRequestHandler):
    """The four addresses of a provider, and the one by which a test says who is there."""

    def log_message(self, *args):
        """Silent."""

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def answer(self, status: int, body: dict | None = None, **headers):
        content = json.dumps(body or {}).encode()
        self.send_response(status)
        for name, value in (
            {"Content-Type": "application/json", "Content-Length": str(len(content))} | headers
        ).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        path, asked = urlsplit(self.path).path, dict(parse_qs(urlsplit(self.path).query, keep_blank_values=True))
        one = {name: values[0] for name, values in asked.items()}
        if path == "/be":
            STATE.update(sub=one.get("sub", ""), flaw=one.get("flaw", ""))
            self.answer(200)
        elif path == "/.well-known/openid-configuration":
            ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            config = {f"{name}_endpoint": f"{self.issuer}/{end}" for name, end in ends.items()}
            self.answer(200, config | {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/jwks"})
        elif path == "/jwks":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            self.answer(200, {"keys": [public | {"kid": "mot", "alg": "RS256", "use": "sig"}]})
        elif path == "/authorize" and one.get("client_id") == CLIENT and "openid" in one.get("scope", ""):
            code = secrets.token_urlsafe()
            CODES[code] = one
            back = urlencode({"code": code, "state": one["state"]})
            self.answer(302, Location=f"{one['redirect_uri']}?{back}")
        else:
            self.answer(404)

    def do_POST(self):
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        one = {name: values[0] for name, values in sent.items()}
        asked = CODES.pop(one.get("code", ""), None)
        digest = hashlib.sha256(one.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        right = (
            asked is not None
            and (one.get("client_id"), one.get("client_secret")) == (CLIENT, SECRET)
            and one.get("redirect_uri") == asked["redirect_uri"]
            and asked.get("code_challenge") == proof
        )
        if not right:
            self.answer(400, {"error": "invalid_grant"})
            return
        body = {"access_token": secrets.token_urlsafe(), "token_type": "Bearer", "expires_in": 300}
        self.answer(200, body if STATE["flaw"] == "missing" else body | {"id_token": id_token(self.issuer)})


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    print(server.server_address[1], flush=True)
    server.serve_forever()
