"""What `make compose-test` asks of the running stack's defences: no root, nothing writable, no tools, no open door."""

from __future__ import annotations

import json
from typing import Any

from tests.compose.stack import Broken, Stack

USER = "10001"
NO_CAPABILITIES = "0" * 16
TOOLS = ("cc", "gcc", "g++", "clang", "ld", "make", "git", "uv", "/opt/warraq/bin/pip")
# SeaweedFS has a second port, 10,000 higher, for each; that of S3 answers to holders of a certificate only.
STORE_PORTS = (9333, 8080, 8888, 8333, 8181, 9101, 23646)  # master, volumes, filer, S3, Iceberg, Lance, administration
CHANNEL_OFFSET = 10_000
OPEN_STORE_PORTS = {8333, 18333}

# In a container of ours: user, root file system, capabilities, as JSON.
CONFINED = """
import json, os
status = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines() if ":\\t" in line)
try:
    open("/opt/warraq/written", "w")
    writable = True
except OSError:
    writable = False
print(json.dumps({"user": str(os.getuid()), "capabilities": status["CapEff"].strip(),
                  "gains": status["NoNewPrivs"].strip() == "0", "writable": writable}))
"""
# In a worker: what the stores answer to somebody who asks for more than is due.
REFUSALS = """
import json, socket, sys, boto3, grpc, psycopg2, urllib.error, urllib.request
from botocore.exceptions import ClientError

def answers(host, port):
    try:
        socket.create_connection((host, port), timeout=5).close()
        return True
    except OSError:
        return False

def refused(ask, *errors):
    try:
        ask()
        return False
    except errors as error:
        return True

def redis_says(line):
    with socket.create_connection(("redis", 6379), timeout=5) as link:
        link.sendall(line)
        return link.recv(200).decode()

s3 = boto3.client("s3")
print(json.dumps({
    "ports": [port for port in map(int, sys.argv[1:]) if answers("seaweedfs", port)],
    "refused": {
        "S3 without a key": refused(
            lambda: urllib.request.urlopen("http://seaweedfs:8333/archive/"), urllib.error.HTTPError),
        "a bucket of a worker's": refused(lambda: s3.create_bucket(Bucket="mine"), ClientError),
        "the bucket's end": refused(lambda: s3.delete_bucket(Bucket="archive"), ClientError),
        "what lies beside the archive": refused(
            lambda: s3.put_object(Bucket="archive", Key="beside", Body=b""), ClientError),
        "S3's identities": refused(
            lambda: grpc.insecure_channel("seaweedfs:18333").unary_unary(
                "/messaging_pb.SeaweedS3IamCache/ListPolicies")(b"", timeout=5), grpc.RpcError),
        "redis without a password": redis_says(b"PING\\r\\n").startswith("-NOAUTH"),
        "PostgreSQL without a password": refused(
            lambda: psycopg2.connect(host="postgres", user="warraq", dbname="airflow", password=""),
            psycopg2.OperationalError),
    },
}))
"""


def check_image(stack: Stack) -> None:
    """No compiler, no installer, not root."""
    words = ("docker", "run", "--rm", "--network", "none", stack.progress.image, "sh", "-c")
    found = stack.run(*words, f"id -u; for tool in {' '.join(TOOLS)}; do command -v $tool; done; true").split()
    if found != [USER]:
        raise Broken(f"the image runs as {found[0]} and holds {found[1:]}")
    stack.say(f"  user {found[0]}; none of {', '.join(TOOLS)}")


def check_containers(stack: Stack) -> None:
    """Each: no spare rights, a limit of memory, no port but on loopback; ours: no root, nothing to write on."""
    running = stack.containers()
    for container in running:
        name = container["Name"]
        settings: dict[str, Any] = json.loads(stack.run("docker", "inspect", name))[0]["HostConfig"]
        ports = [binding for bindings in (settings["PortBindings"] or {}).values() for binding in bindings]
        if any(binding["HostIp"] != "127.0.0.1" for binding in ports):
            raise Broken(f"{name} can be reached from outside: {ports}")
        if settings["Privileged"] or not settings["Memory"]:
            raise Broken(f"{name} is privileged, or has no limit of memory")
        if container["Service"] == "demo-portal":  # the test's own
            continue
        if settings["CapDrop"] != ["ALL"] or "no-new-privileges:true" not in settings["SecurityOpt"]:
            raise Broken(f"{name} keeps rights: {settings['CapDrop']}, {settings['SecurityOpt']}")
        if container["Service"].startswith("airflow-"):
            found = json.loads(stack.run("docker", "exec", name, "python", "-c", CONFINED))
            if found != {"user": USER, "capabilities": NO_CAPABILITIES, "gains": False, "writable": False}:
                raise Broken(f"{name} is not confined: {found}")
    stack.say(f"  {len(running)} containers, those of Airflow as user {USER} on a read-only file system")


def check_stores(stack: Stack) -> None:
    """The stores open no door but S3, PostgreSQL and Redis, and these to nobody without a key."""
    ports = [str(each) for port in STORE_PORTS for each in (port, port + CHANNEL_OFFSET)]
    found = json.loads(stack.in_worker("python", "-c", REFUSALS, *ports))
    granted = [what for what, is_refused in found["refused"].items() if not is_refused]
    if granted or set(found["ports"]) != OPEN_STORE_PORTS:
        raise Broken(f"granted: {granted}; ports of the store that answer: {found['ports']}")
    stack.say(f"  refused: {', '.join(found['refused'])}; the store answers on {found['ports']}")
