"""Check a receipt of `warraq receipt`: python check_receipt.py FILE. Needs Python 3.8 and nothing else.

It proves that the row is the one the archive's log of commits committed to, and that the row's digest is that of the
bytes the server sent. Compare the log's key with one you were given at the time, or check signature and time stamp:
what they are of is written beside the receipt for that.
"""

import base64
import hashlib
import json
import sys


def sha256(data):
    return hashlib.sha256(data).digest()


def root(leaf, path):
    """The digest over all rows of the commit, from one row and its neighbours (RFC 6962)."""
    for side, neighbour in path:
        other = bytes.fromhex(neighbour)
        leaf = sha256(b"\1" + (other + leaf if side == "left" else leaf + other))
    return leaf.hex()


def payload_of(record):
    """The body of the HTTP answer in a WARC record, as received."""
    head, _, rest = record.partition(b"\r\n\r\n")
    lines = head.decode("utf-8", "replace").split("\r\n")
    length = next(int(line.split(":")[1]) for line in lines if line.lower().startswith("content-length:"))
    return rest[:length].partition(b"\r\n\r\n")[2]


def check(receipt):
    """What does not hold, one line each."""
    row = json.loads(receipt["row"])
    if root(sha256(b"\0" + receipt["row"].encode()), receipt["path"]) != receipt["root"]:
        yield "the row is not one of those the digest is of"
    log = receipt["log"]
    if log is None:
        yield "there is no entry of the log: the article was published before there was a log"
    else:
        entry = json.loads(log["entry"])
        if hashlib.sha256(log["entry"].encode()).hexdigest() not in log["key"]:
            yield "the entry of the log is not the one its name says"
        stated = entry["facts"].get("articles")
        stated = stated.get(row["run_id"]) if isinstance(stated, dict) else stated
        if stated != receipt["root"]:
            yield "the entry of the log commits to other rows"
    payload = payload_of(base64.b64decode(receipt["warc"]["record"]))
    if hashlib.sha256(payload).hexdigest() != row["payload_sha256"]:
        yield "the WARC record does not hold the bytes the row was made of"


def printable(text):
    """Without what would command a terminal."""
    return "".join(sign if sign.isprintable() else "?" for sign in str(text))


def seals(receipt, path):
    """Write what is signed and stamped, and how each is checked."""
    made = {name: receipt.pop(name) for name in ("signature", "time_stamp") if name in receipt}
    text = json.dumps(receipt, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    for name, sealed in made.items():
        with open(path + "." + name, "wb") as file:
            file.write(sealed.encode() if name == "signature" else base64.b64decode(sealed))
    if made:
        with open(path + ".sealed", "wb") as file:
            file.write(text)
    if "signature" in made:
        print(f"signed: ssh-keygen -Y check-novalidate -n warraq-receipt -s {path}.signature < {path}.sealed")
    if "time_stamp" in made:
        print(f"stamped: openssl ts -verify -data {path}.sealed -in {path}.time_stamp -CAfile AUTHORITY.pem")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        receipt = json.load(file)
    problems = list(check(receipt))
    row = json.loads(receipt["row"])
    print(printable(row["title"]))
    print(printable(row["url"]), "captured", printable(row["captured_at"]))
    if receipt["log"]:
        at = json.loads(receipt["log"]["entry"])["at"]
        print("committed", printable(at), "as", printable(receipt["log"]["key"]))
    for release in receipt["releases"]:
        print("in release", *(printable(release[name]) for name in ("release", "file", "sha256")))
    seals(receipt, sys.argv[1])
    for problem in problems:
        print("NOT PROVED:", problem)
    print("proved" if not problems else "not proved")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
