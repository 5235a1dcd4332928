"""The format of docs/formats/invitation.md once more, in another language and on other libraries (argon2-cffi and cryptography of Debian).

  invitation.py make                 writes the test vectors, vectors/invitation.json, to the standard output
  invitation.py open < QUESTION      takes both seals off an invitation; QUESTION is JSON: code, invitation, binding, recipient (private JWK), source (public JWK)
"""
import base64, hashlib, hmac, json, struct, sys
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.concatkdf import ConcatKDFHash
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
POWERS = [1]
while len(POWERS) < 31:
    POWERS.append(POWERS[-1] << 1 if POWERS[-1] < 16 else POWERS[-1] << 1 ^ 0b100101)


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def times(a, b):
    return POWERS[(POWERS.index(a) + POWERS.index(b)) % 31] if a and b else 0


def syndromes(values, checks):
    sums = []
    for k in range(1, checks + 1):
        total = 0
        for power, value in enumerate(reversed(values)):
            total ^= times(value, POWERS[k * power % 31])
        sums.append(total)
    return sums


def with_checks(values, checks):
    """By trying all of them: slower than a division, and nothing like it."""
    for last in range(32 ** checks):
        whole = values + [last >> 5 * i & 31 for i in reversed(range(checks))]
        if not any(syndromes(whole, checks)):
            return whole


def characters(bits, count, checks):
    return "".join(SYMBOLS[value] for value in with_checks([bits >> 5 * i & 31 for i in reversed(range(count))], checks))


def number_of(bits):
    return characters(bits, 8, 1)


def code_of(secret):
    return characters(int.from_bytes(secret[:8], "big") >> 4, 12, 2)


def wave_code(key, index):
    return code_of(hmac.new(key, b"bereik wave code v1" + struct.pack(">I", index), hashlib.sha256).digest())


def keys_of(code, salt):
    root = hash_secret_raw(code.encode(), salt, time_cost=3, memory_cost=32768, parallelism=1, hash_len=32, type=Type.ID, version=19)
    branch = lambda info: HKDF(hashes.SHA256(), 32, None, info).derive(root)
    return branch(b"bereik invitation seal v1"), branch(b"bereik invitation holder v1")


def additional(number, binding):
    return f"bereik invitation v1\n{number}\n{binding['wave']}\n{binding['protocolHash']}\n{binding['recipientKid']}\n".encode()


def public_jwk(key, use):
    point = key.public_numbers()
    x, y = (encode(n.to_bytes(32, "big")) for n in (point.x, point.y))
    kid = encode(hashlib.sha256(f'{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}'.encode()).digest())
    return {"kty": "EC", "crv": "P-256", "x": x, "y": y, "kid": kid, "use": use}


def key_from(jwk):
    x, y = (int.from_bytes(decode(jwk[c]), "big") for c in "xy")
    numbers = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1())
    return ec.EllipticCurvePrivateNumbers(int.from_bytes(decode(jwk["d"]), "big"), numbers).private_key() if "d" in jwk else numbers.public_key()


def wrapping_key(own, other):
    label = b"ECDH-ES+A256KW"
    info = struct.pack(">I", len(label)) + label + struct.pack(">III", 0, 0, 256)
    return ConcatKDFHash(hashes.SHA256(), 32, info).derive(own.exchange(ec.ECDH(), other))


def compact_json(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def sign(document, source):
    kid = public_jwk(source.public_key(), "sig")["kid"]
    text = encode(compact_json({"alg": "ES256", "kid": kid, "typ": "bereik-invitation+jws"})) + "." + encode(compact_json(document))
    r, s = decode_dss_signature(source.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return text + "." + encode(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def seal_inner(signed, recipient, ephemeral, content_key, iv):
    plaintext = struct.pack(">I", len(signed)) + signed.encode()
    epk = public_jwk(ephemeral.public_key(), "")
    header = encode(compact_json({"alg": "ECDH-ES+A256KW", "enc": "A256GCM", "typ": "bereik-invitation+jwe", "kid": public_jwk(recipient, "enc")["kid"], "epk": {c: epk[c] for c in ("kty", "crv", "x", "y")}}))
    sealed = AESGCM(content_key).encrypt(iv, plaintext + bytes(4096 - len(plaintext)), header.encode())
    return ".".join([header, encode(aes_key_wrap(wrapping_key(ephemeral, recipient), content_key)), encode(iv), encode(sealed[:-16]), encode(sealed[-16:])])


def open_both(question):
    invitation, binding = question["invitation"], question["binding"]
    seal_key, holder = keys_of(question["code"], decode(invitation["salt"]))
    sealed = decode(invitation["sealed"])
    inner = AESGCM(seal_key).decrypt(sealed[:12], sealed[12:], additional(invitation["number"], binding)).decode()
    header, wrapped, iv, ciphertext, tag = inner.split(".")
    recipient, source = key_from(question["recipient"]), key_from(question["source"])
    content_key = aes_key_unwrap(wrapping_key(recipient, key_from(json.loads(decode(header))["epk"])), decode(wrapped))
    plaintext = AESGCM(content_key).decrypt(decode(iv), decode(ciphertext) + decode(tag), header.encode())
    signed = plaintext[4:4 + struct.unpack(">I", plaintext[:4])[0]].decode()
    text, _, signature = signed.rpartition(".")
    r, s = (int.from_bytes(half, "big") for half in (decode(signature)[:32], decode(signature)[32:]))
    source.verify(encode_dss_signature(r, s), text.encode(), ec.ECDSA(hashes.SHA256()))
    return {"holderDigest": encode(hashlib.sha256(holder).digest()), "document": json.loads(decode(text.split(".")[1])), "bytes": len(plaintext), "characters": len(inner)}


def fixed(label, length=32):
    return hashlib.sha256(b"bereik test vector " + label.encode()).digest()[:length]


def fixed_key(label):
    return ec.derive_private_key(int.from_bytes(fixed(label), "big") >> 1, ec.SECP256R1())


def make():
    wave_key = fixed("wave key")
    salt = fixed("salt", 16)
    number, code = number_of(int.from_bytes(fixed("number", 5), "big")), wave_code(wave_key, 7)
    seal_key, holder = keys_of(code, salt)
    recipient, source = fixed_key("recipient"), fixed_key("source")
    binding = {"wave": "6f0e6a52-3b0c-4c7e-9a55-2d1f0a7b8c9d", "protocolHash": encode(fixed("protocol")), "recipientKid": public_jwk(recipient.public_key(), "enc")["kid"]}
    person = {"givenNames": "José \"Jo\"", "familyName": "D'Hondt-Ångström", "street": "Molenstraat", "houseNumber": "12", "box": "0003", "postcode": "9300", "place": "Aalst"}
    document = {"number": number, **binding, "notice": encode(fixed("notice")), "person": person}
    inner = seal_inner(sign(document, source), recipient.public_key(), fixed_key("ephemeral"), fixed("content key"), fixed("inner iv", 12))
    nonce = fixed("nonce", 12)
    sealed = nonce + AESGCM(seal_key).encrypt(nonce, inner.encode(), additional(number, binding))
    private = {**public_jwk(recipient.public_key(), "enc"), "d": encode(recipient.private_numbers().private_value.to_bytes(32, "big"))}
    random_bits = [0, 1, 2 ** 40 - 1, 0x0123456789, 0xfedcba9876]
    return {
        "about": "Made by invitation.py (argon2-cffi, cryptography), not by the code that is tested. Nobody lives here.",
        "numbers": [{"bits": f"{bits:010x}", "text": number_of(bits)} for bits in random_bits],
        "codes": [{"secret": secret.hex(), "text": code_of(secret)} for secret in (bytes(8), b"\xff" * 8, bytes(range(1, 9)), fixed("code", 8))],
        "wave": {"key": wave_key.hex(), "codes": {str(index): wave_code(wave_key, index) for index in (0, 1, 7, 49999)}},
        "key": {"code": code, "salt": encode(salt), "sealKey": seal_key.hex(), "holderDigest": encode(hashlib.sha256(holder).digest())},
        "invitation": {
            "code": code, "binding": binding, "recipient": private, "source": public_jwk(source.public_key(), "sig"), "document": document,
            "innerHash": hashlib.sha256(inner.encode()).hexdigest(), "json": compact_json({"number": number, "salt": encode(salt), "sealed": encode(sealed)}).decode(),
        },
    }


if sys.argv[1:] == ["make"]:
    print(json.dumps(make(), indent=2, ensure_ascii=False))
elif sys.argv[1:] == ["open"]:
    try:
        print(json.dumps(open_both(json.load(sys.stdin))))
    except InvalidTag:
        sys.exit("It does not open.")
elif sys.argv[1:] == ["there"]:
    print("yes")
else:
    sys.exit(__doc__)
