# Proxmox VE fetches the image by itself, and refuses one with another checksum. The name has a part of the checksum,
# so that another image is another file: machines that run keep theirs.
resource "proxmox_virtual_environment_download_file" "boot" {
  content_type       = "iso"
  datastore_id       = var.datastore
  node_name          = var.node
  url                = var.image_url
  file_name          = "moonboot-${substr(var.image_sha256, 0, 12)}.iso"
  checksum           = var.image_sha256
  checksum_algorithm = "sha256"
  overwrite          = false
}

resource "proxmox_virtual_environment_vm" "node" {
  for_each = var.machines

  name      = each.key
  node_name = var.node
  machine   = "q35"
  bios      = "ovmf"

  # The disk first: empty it boots nothing, so the CD comes next and Talos installs itself. From then on the disk boots.
  boot_order = ["scsi0", "ide2"]

  cpu {
    cores = 2
    type  = "x86-64-v2-AES"
  }

  memory {
    dedicated = 4096
  }

  # Without Microsoft's keys: neither iPXE nor what moonboot composes is signed for Secure Boot.
  efi_disk {
    datastore_id      = var.disks
    type              = "4m"
    pre_enrolled_keys = false
  }

  cdrom {
    interface = "ide2"
    file_id   = proxmox_virtual_environment_download_file.boot.id
  }

  disk {
    datastore_id = var.disks
    interface    = "scsi0"
    size         = 20
  }

  network_device {
    bridge      = var.bridge
    mac_address = each.value
  }

  serial_device {}

  operating_system {
    type = "l26"
  }
}
