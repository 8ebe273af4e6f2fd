"""Which store the settings ask for."""

from tracker.settings import Settings
from tracker.stores.folder import Folder
from tracker.stores.s3 import S3, Address
from tracker.stores.store import Store


def store_of(settings: Settings) -> Store:
    """The bucket when one is set, else the folder of uploads. Raises SettingsError without boto3."""
    if not settings.s3_bucket:
        return local(settings)
    return S3(
        Address(
            endpoint=settings.s3_endpoint,
            bucket=settings.s3_bucket,
            prefix=settings.s3_prefix,
            region=settings.s3_region,
            key=settings.s3_key,
            secret=settings.s3_secret.get_secret_value(),
            seconds=settings.s3_timeout,
        )
    )


def local(settings: Settings) -> Folder:
    """The folder of uploads: also the waiting room of files that are still looked at."""
    return Folder(settings.uploads)
