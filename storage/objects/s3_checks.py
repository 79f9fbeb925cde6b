"""What only an S3 server can be asked: multipart uploads, checksums, its clock."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from storage.errors import DamagedObject, StageFailed
from storage.objects.s3 import S3Store

MIN_PART_BYTES = 5 << 20  # the smallest part S3 takes, apart from the last


def try_multipart(store: S3Store, key: str) -> None:
    """Upload in two parts and read back; start another upload and abort it. Raises StageFailed if either fails."""
    data = bytes(range(256)) * (MIN_PART_BYTES // 256) + b"the last part"
    names = store.names(key)
    with store.translating(key):
        upload = {**names, "UploadId": store.client.create_multipart_upload(**names)["UploadId"]}
        parts = []
        for number, part in enumerate((data[:MIN_PART_BYTES], data[MIN_PART_BYTES:]), start=1):
            answer = store.client.upload_part(**upload, PartNumber=number, Body=part)
            parts.append({"PartNumber": number, "ETag": answer["ETag"]})
        if store.exists(key):
            raise StageFailed(f"{key}: an upload in parts is visible before it is complete")
        store.client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts})
        if hashlib.sha256(store.get(key)).digest() != hashlib.sha256(data).digest():
            raise DamagedObject(f"{key}: an upload in parts came back changed")
        store.delete(key)
        upload = {**names, "UploadId": store.client.create_multipart_upload(**names)["UploadId"]}
        store.client.upload_part(**upload, PartNumber=1, Body=b"never completed")
        store.client.abort_multipart_upload(**upload)
    if store.exists(key):
        raise StageFailed(f"{key}: an aborted upload became an object")


def try_checksum(store: S3Store, key: str) -> None:
    """Send a body with a wrong Content-MD5: a server that takes it does not check what arrives. Raises StageFailed."""
    try:
        with store.translating(key):
            store.client.put_object(**store.names(key), Body=b"body", ContentMD5="1B2M2Y8AsgTpgAmY7PhCfg==")
    except StageFailed:
        return
    store.delete(key)
    raise StageFailed(f"{key}: the server stored a body that does not match its Content-MD5")


def clock_skew_seconds(store: S3Store) -> float:
    """This machine's clock minus the server's, by the Date header of an answer; to the second."""
    with store.translating(store.prefix):
        answer = store.client.list_objects_v2(Bucket=store.bucket, Prefix=store.prefix, MaxKeys=1)
    date = answer["ResponseMetadata"]["HTTPHeaders"].get("date")
    return (datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds() if date else 0.0


def addressing_style(store: S3Store) -> str:
    """`path` (http://host/bucket/key) or `virtual` (http://bucket.host/key)."""
    style = (store.client.meta.config.s3 or {}).get("addressing_style", "auto")
    return "path" if style == "path" else "virtual"
