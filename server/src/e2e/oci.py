"""An OCI image layout on disk (image-layout.md of the OCI image specification).

Same input, same digests: times are zero and the order of everything is the caller's.
"""

import gzip
import hashlib
import io
import json
import os
import subprocess
import tarfile

OCI = "application/vnd.oci.image."


class Link(str):
    """In place of a file's content: a symbolic link to that."""


class HardLink(str):
    """In place of a file's content: another name of that path."""


FOLDER = None  # in place of a file's content


def tar(nodes):
    """nodes: (path in the image, mode, content), in the order in which they are to stand."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, mode, content in nodes:
            entry = tarfile.TarInfo(path)
            entry.mode = mode
            if content is FOLDER:
                entry.type = tarfile.DIRTYPE
            elif isinstance(content, (Link, HardLink)):
                entry.type = tarfile.SYMTYPE if isinstance(content, Link) else tarfile.LNKTYPE
                entry.linkname = str(content)
            else:
                entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content) if entry.isreg() else None)
    return buffer.getvalue()


def zstd(content):
    command = ["zstd", "-q", "-3", "-T1", "-c"]
    return subprocess.run(command, input=content, stdout=subprocess.PIPE, check=True).stdout


PACKINGS = {
    "gzip": lambda content: gzip.compress(content, compresslevel=1, mtime=0),
    "zstd": zstd,
    "": lambda content: content,
}


class Layout:
    """One layout; what it has already stays, but for the tags that are given anew."""

    def __init__(self, folder):
        self.folder, self.tags = folder, {}
        os.makedirs(os.path.join(folder, "blobs/sha256"), exist_ok=True)
        if os.path.exists(os.path.join(folder, "index.json")):
            with open(os.path.join(folder, "index.json")) as contents:
                for manifest in json.load(contents)["manifests"]:
                    self.tags[manifest["annotations"]["org.opencontainers.image.ref.name"]] = manifest

    def blob(self, media_type, content, **more):
        digest = hashlib.sha256(content).hexdigest()
        with open(os.path.join(self.folder, "blobs/sha256", digest), "wb") as file:
            file.write(content)
        return dict(mediaType=media_type, digest="sha256:" + digest, size=len(content), **more)

    def document(self, media_type, fields, **more):
        return self.blob(media_type, json.dumps(fields, sort_keys=True).encode(), **more)

    def layer(self, nodes, packing="gzip"):
        """nodes: as of tar(). Returns the layer's descriptor and diff id."""
        content = tar(nodes)
        media_type = OCI + "layer.v1.tar" + (packing and "+" + packing)
        return self.blob(media_type, PACKINGS[packing](content)), "sha256:" + hashlib.sha256(content).hexdigest()

    def image(self, arch, layers):
        platform = dict(architecture=arch, os="linux")
        config = dict(platform, config={}, rootfs=dict(type="layers", diff_ids=[diff for _, diff in layers]))
        manifest = dict(
            schemaVersion=2,
            mediaType=OCI + "manifest.v1+json",
            config=self.document(OCI + "config.v1+json", config),
            layers=[descriptor for descriptor, _ in layers],
        )
        return self.document(OCI + "manifest.v1+json", manifest, platform=platform)

    def attestation(self, image):
        """What buildx puts beside an image: no image, though it stands in the index like one."""
        nothing = dict(architecture="unknown", os="unknown")
        statement = self.blob("application/vnd.in-toto+json", b'{"_type":"https://in-toto.io/Statement/v0.1"}')
        manifest = dict(
            schemaVersion=2,
            mediaType=OCI + "manifest.v1+json",
            config=self.document(OCI + "config.v1+json", dict(nothing, config={}, rootfs=dict(type="layers", diff_ids=[]))),
            layers=[statement],
        )
        notes = {
            "vnd.docker.reference.digest": image["digest"],
            "vnd.docker.reference.type": "attestation-manifest",
        }
        return self.document(OCI + "manifest.v1+json", manifest, platform=nothing, annotations=notes)

    def index(self, images):
        fields = dict(schemaVersion=2, mediaType=OCI + "index.v1+json", manifests=images)
        return self.document(OCI + "index.v1+json", fields)

    def tag(self, name, descriptor):
        self.tags[name] = dict(descriptor, annotations={"org.opencontainers.image.ref.name": name})

    def save(self):
        with open(os.path.join(self.folder, "oci-layout"), "w") as marker:
            json.dump({"imageLayoutVersion": "1.0.0"}, marker)
        manifests = list(self.tags.values())
        fields = dict(schemaVersion=2, mediaType=OCI + "index.v1+json", manifests=manifests)
        with open(os.path.join(self.folder, "index.json"), "w") as contents:
            json.dump(fields, contents, indent=1)
