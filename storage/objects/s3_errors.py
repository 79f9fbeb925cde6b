"""What an S3 store's refusals mean: by code, by status, and where nothing was answered."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    PartialCredentialsError,
)
from botocore.exceptions import ConnectionError as Unconnected

from storage.errors import (
    DamagedObject,
    ObjectExists,
    ObjectMissing,
    RetryLater,
    StageFailed,
    StoreDenied,
    StoreUnreachable,
    UsageError,
    WarraqError,
)

LOST = (HTTPClientError, IncompleteReadError, Unconnected)
MISSING, TAKEN, BEYOND_THE_END, _FULL = 404, 412, 416, 507
_DENIED = {301, 401, 403}  # 301: another region; a retry changes nothing
_BUSY = {408, 409, 429, 500, 502, 503, 504}
_DENIED_REMEDY = "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION and the bucket's policy"
_BUSY_REMEDY = "run the same command again later"
_EXPIRED_REMEDY = "sign in again or renew AWS_SESSION_TOKEN, then run the same command again"
# What a store means it says in its code; its status is shared by what passes by itself and what never does
# (400 is RequestTimeout as well as InvalidRegion). docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_BUSY_CODES = (
    "RequestTimeout",
    "RequestTimeoutException",
    "SlowDown",
    "SlowDownRead",
    "SlowDownWrite",
    "InternalError",
    "InternalFailure",
    "ServiceUnavailable",
    "ServerBusy",
    "Throttling",
    "ThrottlingException",
    "TooManyRequests",
    "OperationAborted",
    "ConditionalRequestConflict",
    "KMS.ThrottlingException",
)
_DENIED_CODES = (
    "AccessDenied",
    "AccountProblem",
    "AllAccessDisabled",
    "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
    "InvalidAccessKeyId",
    "InvalidSecurity",
    "PermanentRedirect",
    "SignatureDoesNotMatch",
    "KMS.DisabledException",
    "KMS.NotFoundException",
)
_EXPIRED_CODES = ("ExpiredToken", "ExpiredTokenException", "InvalidToken", "TokenRefreshRequired", "RequestExpired")
_BY_CODE: dict[str, tuple[type[WarraqError], str, str]] = {
    **dict.fromkeys(_BUSY_CODES, (StoreUnreachable, "the store cannot do it now", _BUSY_REMEDY)),
    **dict.fromkeys(_DENIED_CODES, (StoreDenied, "the store refuses", _DENIED_REMEDY)),
    **dict.fromkeys(_EXPIRED_CODES, (StoreDenied, "the credentials are not valid any more", _EXPIRED_REMEDY)),
    "NoSuchBucket": (StoreDenied, "the bucket does not exist", "create it or correct WARRAQ_ARCHIVE"),
    "RequestTimeTooSkewed": (StoreDenied, "this machine's clock is wrong for the store", "set the clock"),
    "BadDigest": (DamagedObject, "arrived damaged at the store", "run it again; check the network's devices"),
    "XAmzContentSHA256Mismatch": (DamagedObject, "arrived damaged at the store", "run it again"),
    "IncompleteBody": (StoreUnreachable, "arrived in part at the store", _BUSY_REMEDY),
    "NoSuchUpload": (StoreUnreachable, "the store has lost an upload", _BUSY_REMEDY),
    "EntityTooLarge": (StageFailed, "the store takes no object of this size", "raise its limit"),
    "QuotaExceeded": (RetryLater, "the store is full", "make room, then run it again"),
    "InvalidObjectState": (StoreDenied, "the object is in cold storage", "restore it there first"),
}
_BY_STATUS: dict[int, tuple[type[WarraqError], str, str]] = {
    MISSING: (ObjectMissing, "no such object", "`warraq verify` tells what a run lacks"),
    TAKEN: (ObjectExists, "exists already", "another run wrote it first"),
    _FULL: (RetryLater, "the store is full", "make room, then run it again"),
    400: (StoreDenied, "the store does not understand", f"{_DENIED_REMEDY}; run `warraq doctor`"),
    **dict.fromkeys(_DENIED, (StoreDenied, "the store refuses", _DENIED_REMEDY)),
    **dict.fromkeys(_BUSY, (StoreUnreachable, "the store cannot do it now", _BUSY_REMEDY)),
}
_UNKNOWN = (StageFailed, "the store answered", "run `warraq doctor`")
_COMMON = (ObjectMissing, ObjectExists)  # said without a code, which would say the same


def status_of(error: ClientError) -> int:
    """HTTP status of an answer; 0 where there is none."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))


def was_retried(error: ClientError) -> bool:
    """Whether the client had tried before: its first try may have arrived."""
    return int(error.response.get("ResponseMetadata", {}).get("RetryAttempts", 0)) > 0


@contextlib.contextmanager
def translated(what: str, *, endpoint: str | None) -> Iterator[None]:
    """Inside, what the client raises becomes an error of storage.errors."""
    try:
        yield
    except ClientError as error:
        raise _refusal(what, error) from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        raise StoreDenied(
            f"{what}: no credentials for the store",
            remedy="set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or a profile with AWS_PROFILE",
        ) from error
    except (*LOST, EOFError) as error:
        raise StoreUnreachable(
            f"{what}: the store at {endpoint or 'AWS'} does not answer ({type(error).__name__})",
            remedy="start it or correct AWS_ENDPOINT_URL, then run the same command again",
        ) from error
    except (BotoCoreError, ValueError) as error:
        # Raised before anything is sent: an address, region or name that cannot be right.
        raise UsageError(f"{what}: {error}", remedy="correct WARRAQ_ARCHIVE or AWS_ENDPOINT_URL") from error


def _refusal(what: str, error: ClientError) -> WarraqError:
    """What a refusal means: by its code, and by its status where the code is none that is known."""
    code, status = error.response.get("Error", {}).get("Code", ""), status_of(error)
    kind, message, remedy = _BY_CODE.get(code) or _BY_STATUS.get(status) or _UNKNOWN
    told = "" if issubclass(kind, _COMMON) else f" ({code or status})"
    return kind(f"{what}: {message}{told}", remedy=remedy)
