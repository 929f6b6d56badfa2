# What nodes boot: the release that the channel names when they ask.
resource "matchbox_profile" "talos" {
  name = "talos-arm64"

  # Paths below /assets/ are served by moonboot. In scripts it puts the release's digest in their
  # place, so that no node gets the kernel of one release and the initramfs of another. The name that
  # the initramfs gets is the one that the first argument says.
  kernel = "/assets/talos/${var.channel}/vmlinuz-arm64"
  initrd = ["--name initramfs.xz /assets/talos/${var.channel}/initramfs-arm64.xz"]

  # One argument each. {cmdline} stands for those that the image itself comes with (talos.platform=metal
  # and others): moonboot puts them there, and they change with the release.
  args = [
    "initrd=initramfs.xz",
    "{cmdline}",
    "console=ttyAMA0",
  ]

  # A template, which nodes get from /generic?mac=...; kept as generic/talos-arm64, byte for byte.
  generic_config = file("${path.module}/files/node.yaml.tmpl")
}

# Which nodes boot it.
resource "matchbox_group" "node" {
  for_each = var.nodes

  name     = each.key
  profile  = matchbox_profile.talos.name
  selector = { mac = each.value.mac }

  # For the template; strings only, which is all the provider can read back.
  metadata = {
    name = each.key
    role = each.value.role
  }
}
