"""Prints a CycloneDX SBOM of the Debian packages in a tree: sbom.py <tree> <name> <version>.

Deterministic: no clock, no random serial number; the timestamp is SOURCE_DATE_EPOCH.
"""

import json
import os
import sys
import uuid
from datetime import datetime, timezone

from cyclonedx.model import Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL


def paragraphs(path):
    """Yields the packages of a dpkg status file as dictionaries of single-line fields."""
    fields = {}
    with open(path, encoding="utf-8") as status:
        for line in status:
            if line == "\n":
                yield fields
                fields = {}
            elif not line.startswith(" "):
                name, _, value = line.rstrip("\n").partition(": ")
                fields[name] = value
    if fields:
        yield fields


def elsewhere(tree):
    """Names of packages that are not Debian's, with the repository that they came from (lib/docker.sh)."""
    try:
        with open(os.path.join(tree, "usr/lib/hypriotos/docker.json"), encoding="utf-8") as file:
            record = json.load(file)
    except FileNotFoundError:
        return {}
    return dict.fromkeys(record["packages"], record["url"]) if "url" in record else {}


def component(fields, repositories):
    """One installed package, found in vulnerability databases by its package URL."""
    name, version, architecture = fields["Package"], fields["Version"], fields["Architecture"]
    source, _, source_version = fields.get("Source", name).partition(" ")
    # Debian's databases know nothing of what the pipeline builds itself.
    vendor = "hypriotos" if "+hypriotos" in version else "debian"
    qualifiers = {"arch": architecture, "distro": "trixie"}
    if name in repositories:
        qualifiers["repository_url"] = repositories[name]
    purl = PackageURL("deb", vendor, name, version, qualifiers)
    return Component(
        type=ComponentType.LIBRARY,
        name=name,
        version=version,
        purl=purl,
        bom_ref=purl.to_string(),
        properties=[
            Property(name="debian:source", value=source),
            Property(name="debian:source-version", value=source_version.strip("()") or version),
        ],
    )


def main():
    tree, name, version = sys.argv[1:4]
    image = Component(type=ComponentType.OPERATING_SYSTEM, name=name, version=version, bom_ref=name)
    repositories = elsewhere(tree)
    installed = [
        component(fields, repositories)
        for fields in paragraphs(os.path.join(tree, "var/lib/dpkg/status"))
        if fields.get("Status", "").endswith(" installed")
    ]
    bom = Bom(
        components=installed,
        serial_number=uuid.uuid5(uuid.NAMESPACE_URL, "\n".join([name, *sorted(c.bom_ref.value for c in installed)])),
        metadata=BomMetaData(
            component=image,
            timestamp=datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), timezone.utc),
        ),
    )
    bom.register_dependency(image, installed)
    print(JsonV1Dot6(bom).output_as_string(indent=2))


main()
