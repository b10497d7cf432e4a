"""Where files lie, read from one address as DATABASE_URL is: a folder, or a bucket of an S3 store."""

import importlib.util
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

_MEANT = (
    "PORTAL_FILES phải là một thư mục, hoặc s3://tên-kho/thư-mục?endpoint=https://máy-chủ&region=vùng "
    "(mã truy cập trong AWS_ACCESS_KEY_ID và AWS_SECRET_ACCESS_KEY)."
)


def parse_files_url(address: str, folder: Path) -> tuple[Path, dict]:
    """(local folder, Django storage) for ``address``; '' is ``folder``.

    Access keys are never part of the address: boto3 reads its usual variables or the machine's role. Raises
    ValueError, in words, for an address that is neither, and when the packages of requirements-s3.txt are missing.
    """
    if not address.startswith("s3:"):
        if "://" in address:
            raise ValueError(_MEANT)
        ours = {"BACKEND": "agencies.files.storing.DurableFiles", "OPTIONS": {"file_permissions_mode": 0o600}}
        return Path(address or folder).resolve(), ours
    parts = urlsplit(address)
    given = {name: values[0] for name, values in parse_qs(parts.query).items()}
    if not parts.netloc or parts.username or set(given) - {"endpoint", "region", "sse"}:
        raise ValueError(_MEANT)
    if importlib.util.find_spec("storages") is None or importlib.util.find_spec("boto3") is None:
        raise ValueError("PORTAL_FILES là kho S3: cài thêm bằng pip install --require-hashes -r requirements-s3.txt.")
    options = {
        "bucket_name": parts.netloc,
        "location": unquote(parts.path).strip("/"),
        "file_overwrite": False,
        "default_acl": None,  # the bucket's own rule; nothing is made public from here
        "querystring_auth": True,
        "signature_version": "s3v4",
    }
    if given.get("endpoint"):
        options |= {"endpoint_url": given["endpoint"], "addressing_style": "path"}
    if given.get("region"):
        options["region_name"] = given["region"]
    if given.get("sse"):
        options["object_parameters"] = {"ServerSideEncryption": given["sse"]}
    return folder.resolve(), {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
